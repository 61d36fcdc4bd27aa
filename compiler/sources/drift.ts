/**
 * What a database has become, held against what was reviewed: each difference by the object at whose
 * root it stands, by what is at stake, and the plan that takes the database back. Partitions that
 * nobody declared are named and left alone. Nothing is applied and nothing printed here.
 */
import { matchesAddress, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Project } from '../model/declared.ts';
import { subjectOf } from '../diff/diff.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { attributeOf, compareText, withOwners, type SchemaObject, type State } from '../model/object.ts';
import type { Stake } from '../kinds/contract.ts';
import { kindOf } from '../kinds/registry.ts';
import type { Engines } from './engines.ts';
import { withOpaqueObjects } from './opaque-objects.ts';
import { compareSources, planComparison, type Comparison, type Difference } from './plan-difference.ts';
import type { Source } from './source.ts';

export interface Finding {
  readonly object: Address;
  /** Missing in the database, there without being declared, or otherwise than declared. */
  readonly difference: 'missing' | 'undeclared' | 'changed' | 'renamed';
  readonly stake: Stake;
  readonly severity: 'error' | 'warning' | 'notice';
  /** Of a changed object: what differs. */
  readonly attributes: readonly { readonly name: string; readonly declared: unknown; readonly found: unknown }[];
}

/** A difference that the project's ignore list covers. */
export interface Ignored {
  readonly finding: Finding;
  readonly reason: string;
  readonly until?: string;
}

export interface Drift {
  /** By severity, then by address. */
  readonly findings: readonly Finding[];
  readonly ignored: readonly Ignored[];
  /** Partitions of declared tables that nobody declared, made by hand or by another tool. */
  readonly outsiders: readonly Address[];
  /** From the database to what was reviewed; absent where there is no way, for the reasons in the diagnostics. */
  readonly back?: Difference;
  readonly diagnostics: readonly Diagnostic[];
}

/** What differs is said whether there is a way back or not. */
export async function findDrift(found: Source, reviewed: Source, engines: Engines): Promise<Drift> {
  const { from: database, diagnostics } = await withOpaqueObjects(found, reviewed, { include: [], exclude: [] }, engines);
  const outsiders = undeclaredHolders(database.state, reviewed.state);
  const scope = { include: [], exclude: outsiders };
  const ignore = reviewed.declared?.project.ignore ?? [];
  const comparison = await compareSources(database, reviewed, scope, engines);
  const { back, refusals } = wayBack(comparison, database, reviewed);
  return {
    findings: findingsOf(comparison),
    ignored: ignore.length === 0 ? [] : await ignoredOf(database, withoutIgnore(reviewed), { outsiders, ignore }, engines),
    outsiders,
    diagnostics: [...diagnostics, ...comparison.diagnostics, ...refusals],
    ...(back === undefined ? {} : { back }),
  };
}

/** Objects that hold rows, in the database alone, on something that both have. */
function undeclaredHolders(found: State, reviewed: State): readonly Address[] {
  return [...found.values()]
    .filter((object) => kindOf(object).undeclared === 'kept' && !reviewed.has(object.id) && reviewed.has(object.partOf ?? ''))
    .map(({ id }) => id)
    .sort(compareText);
}

function withoutIgnore(source: Source): Source {
  const { declared } = source;
  return declared === undefined ? source : { ...source, declared: { ...declared, project: { ...declared.project, ignore: [] } } };
}

interface IgnoreList {
  readonly outsiders: readonly Address[];
  readonly ignore: Project['ignore'];
}

async function ignoredOf(
  database: Source,
  reviewed: Source,
  { outsiders, ignore }: IgnoreList,
  engines: Engines,
): Promise<readonly Ignored[]> {
  const whole = await compareSources(database, reviewed, { include: [], exclude: outsiders }, engines);
  return findingsOf(whole).flatMap((finding): readonly Ignored[] => {
    const trees = [...withOwners(finding.object, whole.before), ...withOwners(finding.object, whole.after)];
    const entry = ignore.find(({ address }) => trees.some((id) => matchesAddress(address, id)));
    if (entry === undefined) return [];
    return [{ finding, reason: entry.reason, ...(entry.until === undefined ? {} : { until: entry.until }) }];
  });
}

interface WayBack {
  readonly back?: Difference;
  readonly refusals: readonly Diagnostic[];
}

function wayBack(comparison: Comparison, database: Source, reviewed: Source): WayBack {
  try {
    return { back: planComparison(comparison, database, reviewed), refusals: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { refusals: error.diagnostics };
  }
}

const severities = { data: 'error', access: 'error', speed: 'warning', words: 'notice' } as const;
const stakes: readonly Stake[] = ['words', 'speed', 'access', 'data'];

function findingsOf(back: Comparison): readonly Finding[] {
  const gone = new Set(back.changes.flatMap((change) => (change.change === 'altered' ? [] : [subjectOf(change)])));
  const whole = back.changes.filter((change) => !gone.has(objectOf(change).partOf ?? ''));
  const renamed = back.renames.map((statement): Finding => ({
    object: statement.subject,
    difference: 'renamed',
    stake: 'words',
    severity: 'notice',
    attributes: [],
  }));
  const rank = (finding: Finding): number => stakes.length - stakes.indexOf(finding.stake);
  return [...whole.map(findingOf), ...renamed].sort((left, right) => rank(left) - rank(right) || compareText(left.object, right.object));
}

function objectOf(change: Change): SchemaObject {
  return change.change === 'removed' ? change.before : change.after;
}

function findingOf(change: Change): Finding {
  const object = objectOf(change);
  const whole = kindOf(object).stake?.(object) ?? 'data';
  if (change.change !== 'altered') {
    const difference = change.change === 'added' ? 'missing' : 'undeclared';
    return { object: object.id, difference, stake: whole, severity: severities[whole], attributes: [] };
  }
  const rules = kindOf(object).alter as { readonly [name: string]: { readonly stake?: Stake } | undefined };
  const each = change.attributes.map((name) => rules[name]?.stake ?? whole);
  const stake = stakes.findLast((candidate) => each.includes(candidate)) ?? whole;
  return {
    object: object.id,
    difference: 'changed',
    stake,
    severity: severities[stake],
    attributes: change.attributes.map((name) => ({
      name,
      declared: attributeOf(change.after, name) ?? null,
      found: attributeOf(change.before, name) ?? null,
    })),
  };
}
