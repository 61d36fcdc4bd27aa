/**
 * What the sources of a verb hold and the model has no kind for, as data, as one notice a source, and
 * as the refusal that `--strict` asks for. Knows no kind; the sources have it from introspect/account.ts.
 */
import { entryName, type NotModelled } from '../introspect/account.ts';
import { matchesAddress } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Source } from '../sources/source.ts';
import type { CommandResult } from './result.ts';

/** `--strict` refuses; without it a notice names them. */
export type NotModelledHandling = 'noticed' | 'refused';

export interface NotModelledQuestion {
  readonly sources: readonly Source[];
  readonly handling: NotModelledHandling;
  /** Patterns of `--exclude`, matched with `subscription changes`; what a project ignores is left out too. */
  readonly exclude?: readonly string[];
  /** What is of another schema than these is not asked about; all where it is absent. */
  readonly schemas?: readonly string[];
}

export interface NotModelledReport {
  /** All of them, for `--json`. */
  readonly entries: readonly (NotModelled & { readonly source: string })[];
  /** One a source that has any. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the verb gives back instead of its work. */
  readonly refusal?: CommandResult;
}

export function reportNotModelled({ sources, handling, exclude = [], schemas }: NotModelledQuestion): NotModelledReport {
  const ignored = sources.flatMap(({ declared }) => (declared?.project.ignore ?? []).map(({ address }) => address));
  const patterns = [...exclude, ...ignored];
  const isAsked = (entry: NotModelled): boolean =>
    (schemas === undefined || entry.schema === undefined || schemas.includes(entry.schema)) &&
    !patterns.some((pattern) => matchesAddress(pattern, entryName(entry)));
  const told = sources.map(({ name, notModelled = [] }) => ({ name, entries: notModelled.filter(isAsked) }));
  const entries = told.flatMap(({ name, entries: own }) => own.map((entry) => ({ source: name, ...entry })));
  const diagnostics = told.flatMap(({ name, entries: own }) => (own.length === 0 ? [] : [diagnosticOf(name, own, handling)]));
  if (handling === 'noticed' || entries.length === 0) return { entries, diagnostics };
  return { entries, diagnostics, refusal: { exitCode: 1, diagnostics, json: { notModelled: entries, diagnostics }, lines: [] } };
}

const namedAtMost = 10;

function diagnosticOf(source: string, entries: readonly NotModelled[], handling: NotModelledHandling): Diagnostic {
  const named = entries.slice(0, namedAtMost).map((entry) => `${entryName(entry)} (${entry.why})`);
  const more = entries.length > named.length ? `; and ${String(entries.length - named.length)} more` : '';
  return {
    code: 'not-modelled',
    severity: handling === 'refused' ? 'error' : 'notice',
    message: `not modelled in ${source}, so neither compared nor written: ${named.join('; ')}${more}`,
    hint:
      handling === 'refused'
        ? 'without --strict they are left as they are; --json lists them all'
        : '--strict makes it an error; --json lists them all',
  };
}
