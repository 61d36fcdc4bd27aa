/**
 * The verb `diff`: from two sources to the plan between them, as a script, as one JSON object or as
 * one line a change. Applies nothing, and so asks for no allowance.
 */
import { diffScript } from '../emit/diff-script.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { allSummaryLines } from '../plan/summary.ts';
import { makeEngines } from '../sources/engines.ts';
import { openSource } from '../sources/open-source.ts';
import { planDifference, type Difference } from '../sources/plan-difference.ts';
import type { Source, SourceContext } from '../sources/source.ts';
import { differenceJson } from './difference-json.ts';
import { reportNotModelled, type NotModelledHandling, type NotModelledReport } from './not-modelled.ts';
import type { CommandResult } from './result.ts';
import { engineRequestFor } from './engine-request.ts';

export type DiffFormat = 'sql' | 'json' | 'summary';

export interface DiffArguments {
  readonly root: string;
  /** A SOURCE, as `openSource` takes it. */
  readonly from: string;
  readonly to: string;
  readonly format: DiffFormat;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly privileges: 'compared' | 'left out';
  /** What the model has no kind for; noticed where it is absent. */
  readonly notModelled?: NotModelledHandling;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

/** Exit code 0 where both are the same, 2 where they differ, 1 for what is not modelled where that is refused; what is wrong is thrown as a `DiagnosticError`. */
export async function diffCommand(given: DiffArguments): Promise<CommandResult> {
  const engines = makeEngines(engineRequestFor(given));
  try {
    const context: SourceContext = { root: given.root, loader: given.loader, engines };
    const opened = await openBoth(given, context);
    const unmodelled = reportNotModelled({ sources: opened, handling: given.notModelled ?? 'noticed', exclude: given.exclude });
    if (unmodelled.refusal !== undefined) return unmodelled.refusal;
    const [from, to] = await withRows(given, opened, context);
    const difference = await planDifference(from, to, given, engines);
    return resultOf({ from, to, difference, unmodelled }, given.format);
  } finally {
    await engines.close();
  }
}

/** Both at the same time; what is wrong with either is said. */
async function openBoth(given: DiffArguments, context: SourceContext): Promise<readonly [Source, Source]> {
  const [from, to] = await Promise.allSettled([openSource(given.from, context), openSource(given.to, context)]);
  if (from.status === 'fulfilled' && to.status === 'fulfilled') return [from.value, to.value];
  const reasons = [from, to].flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const unknown = reasons.find((reason) => !(reason instanceof DiagnosticError));
  if (unknown !== undefined) throw unknown;
  const diagnostics = reasons.flatMap((reason) => (reason as DiagnosticError).diagnostics);
  const seen = new Set<string>();
  throw new DiagnosticError(diagnostics.filter(({ code, message }) => !seen.has(`${code} ${message}`) && seen.add(`${code} ${message}`)));
}

/** Which tables are lookup tables a schema or a snapshot says; the source beside it is read again with their rows. */
async function withRows(
  given: DiffArguments,
  [from, to]: readonly [Source, Source],
  context: SourceContext,
): Promise<readonly [Source, Source]> {
  const knows = ({ source }: Source): boolean => source === 'schema' || source === 'snapshot';
  const read = async (text: string, source: Source, other: Source): Promise<Source> => {
    const { referenceTables } = other;
    return knows(source) || referenceTables === undefined ? source : openSource(text, { ...context, referenceTables });
  };
  return Promise.all([read(given.from, from, to), read(given.to, to, from)]);
}

interface Outcome {
  readonly from: Source;
  readonly to: Source;
  readonly difference: Difference;
  readonly unmodelled: NotModelledReport;
}

function resultOf({ from, to, difference, unmodelled }: Outcome, format: DiffFormat): CommandResult {
  const isSame = difference.changes.length + difference.renames.length === 0;
  const summary = allSummaryLines(difference.changes, difference.renames);
  const script = diffScript({ from: from.name, to: to.name, target: difference.target, summary, transactions: difference.transactions });
  const diagnostics = [...unmodelled.diagnostics, ...difference.diagnostics];
  const json = differenceJson({ from, to, difference, notModelled: unmodelled.entries, diagnostics, summary, script });
  return { exitCode: isSame ? 0 : 2, diagnostics, json, lines: linesOf(isSame, summary, script, format) };
}

function linesOf(isSame: boolean, summary: readonly string[], script: string, format: DiffFormat): readonly string[] {
  if (isSame) return format === 'sql' ? ['-- no difference'] : ['no difference'];
  return format === 'sql' ? [script.trimEnd()] : summary;
}
