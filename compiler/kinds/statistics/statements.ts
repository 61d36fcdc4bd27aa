/**
 * How extended statistics are made, dropped and altered (manual: CREATE STATISTICS, ALTER STATISTICS).
 * They hold nothing until the next ANALYZE, so one follows where the table is not new. Only the
 * target can be altered.
 */
import { parseAddress, pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { nameList, qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard, lock } from '../statements.ts';
import type { Statistics } from './object.ts';

/** All three where nothing is said. */
const allKinds = 3;

function relation(statistics: Statistics): string {
  return qualifiedName(parseAddress(statistics.attributes.on)?.path ?? []);
}

/** What stands after the name: `(mcv) ON kind, (lower(title)) FROM public.digests`. */
export function statisticsBody(statistics: Statistics): string {
  const { kinds } = statistics.attributes;
  const on = [
    ...sourceOf(statistics, 'columns').map(quoteName),
    ...sourceOf(statistics, 'expressions').map((expression) => `(${expression})`),
  ];
  const said = kinds.length === 0 || kinds.length === allKinds ? '' : `(${kinds.join(', ')}) `;
  return `${said}ON ${on.join(', ')} FROM ${relation(statistics)}`;
}

function createSql(statistics: Statistics): string {
  return `CREATE STATISTICS ${qualifiedName(statistics.path)} ${statisticsBody(statistics)}`;
}

/** On 16 and older the word DEFAULT is not known, and -1 means the same. */
function targetSql(statistics: Statistics): string {
  return `ALTER STATISTICS ${qualifiedName(statistics.path)} SET STATISTICS ${statistics.attributes.target ?? -1}`;
}

function setTarget(statistics: Statistics, before?: Statistics): Statement {
  const { target } = statistics.attributes;
  return statement({
    sql: targetSql(statistics),
    purpose: `Set the target of statistics ${pathText(statistics.path)} to ${target ?? 'that of their columns'}.`,
    subject: statistics.id,
    needs: [statistics.id],
    ...(before === undefined ? {} : { reverse: targetSql(before) }),
  });
}

function analyze(statistics: Statistics): Statement {
  const { on } = statistics.attributes;
  // Columns in expressions are among what the statistics rest on; those of a materialized view are no objects.
  const columns = statistics.dependsOn.flatMap((id) => {
    const parsed = parseAddress(id);
    return parsed?.kind === 'column' ? [parsed.path[2] ?? ''] : [];
  });
  return statement({
    sql: `ANALYZE ${relation(statistics)}${columns.length === 0 ? '' : ` (${nameList(columns)})`}`,
    purpose: `Gather statistics ${pathText(statistics.path)} for the first time; until then they hold nothing.`,
    subject: statistics.id,
    needs: [statistics.id],
    step: 'validate',
    locks: lock('ShareUpdateExclusiveLock', on),
  });
}

export function createStatistics(statistics: Statistics, context: PlanContext): readonly Statement[] {
  const { on, target } = statistics.attributes;
  return [
    statement({
      sql: createSql(statistics),
      purpose: `Create statistics ${pathText(statistics.path)}.`,
      subject: statistics.id,
      needs: [...statistics.dependsOn, on],
      makes: [statistics.id],
      locks: lock('ShareUpdateExclusiveLock', on),
      probe: `present ${statistics.id}`,
      reverse: `DROP STATISTICS ${qualifiedName(statistics.path)}`,
    }),
    ...(target === undefined ? [] : [setTarget(statistics)]),
    ...(context.isNew(on) ? [] : [analyze(statistics)]),
  ];
}

export function dropStatistics(statistics: Statistics, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(statistics.id);
  const reason = comesBack
    ? 'until they are gathered again the planner estimates without them'
    : 'the planner estimates without them from now on';
  return [
    statement({
      sql: `DROP STATISTICS ${qualifiedName(statistics.path)}`,
      purpose: `Drop statistics ${pathText(statistics.path)}${comesBack ? ', to be made again' : ''}.`,
      subject: statistics.id,
      destroys: [statistics.id],
      locks: lock('ShareUpdateExclusiveLock', statistics.attributes.on),
      hazards: [hazard('statistics-lost', statistics.id, reason)],
      probe: `absent ${statistics.id}`,
      reverse: createSql(statistics),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

export const statisticsRules: AttributeRules<Statistics> = {
  on: { statements: 'replace' },
  kinds: { statements: 'replace' },
  columns: { statements: 'replace' },
  expressions: { statements: 'replace' },
  target: { statements: (before, after) => [setTarget(after, before)], stake: 'speed' },
};
