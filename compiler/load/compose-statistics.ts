/** The extended statistics of a table or materialized view become objects. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareStatistics } from '../kinds/statistics/declare.ts';
import type { Sql } from '../dsl/sql.ts';
import type { NamedOrListed, StatisticsInput } from '../dsl/table.ts';
import { itemsOf } from './common-parts.ts';
import { reportUnknownColumn } from './column-types.ts';
import type { IndexedRelation } from './compose-indexes.ts';
import { present } from './context.ts';
import { renderSql } from './render-sql.ts';
import type { SqlPlace } from './render-sql.ts';

export function composeStatistics(inner: IndexedRelation, statistics: NamedOrListed<StatisticsInput> | undefined): void {
  for (const { name: written, input, keys } of itemsOf<StatisticsInput>(statistics, 'statistics')) {
    const parts = input.on.map((each) => (typeof each === 'string' ? each : 'expr'));
    const name = written ?? inner.names.giver(`statistics ${inner.path[0]}`).give(inner.path[1], parts, 'stat');
    composeOne(name, input, keys, inner);
  }
}

function composeOne(name: string, input: StatisticsInput, keys: readonly string[], inner: IndexedRelation): void {
  const place: SqlPlace = { at: inner.origin, keys, what: `statistics "${name}" of ${inner.relation}` };
  const { columns, expressions, needs } = partsOf(input.on, place, inner);
  checkParts(input, place, inner);
  const isOneExpression = columns.length === 0 && expressions.length === 1;
  const object = declareStatistics({
    path: [inner.path[0], name],
    on: inner.on,
    kinds: input.kinds ?? (isOneExpression ? [] : ['dependencies', 'mcv', 'ndistinct']),
    columns,
    expressions,
    ...present({ target: input.target }),
    needs,
  });
  const { doc, renamedFrom, suppress } = input;
  inner.names.claim({ namespaces: [`statistics ${inner.path[0]}`], name, what: place.what, subject: object.id, at: inner.origin, keys });
  const former = renamedFrom === undefined ? undefined : address('statistics', inner.path[0], renamedFrom);
  inner.add(object, inner.origin, keys, present({ doc, renamedFrom: former, suppress }));
}

/** Expressions may name any column of the table, so they need all of them. */
function partsOf(on: readonly (string | Sql)[], place: SqlPlace, inner: IndexedRelation) {
  const columns: string[] = [];
  const expressions: string[] = [];
  const needs: Address[] = [];
  for (const each of on) {
    if (typeof each === 'string') {
      const id = inner.columnIds.get(each);
      if (id !== undefined) needs.push(id);
      else if (inner.columnIds.size > 0)
        reportUnknownColumn(each, inner.table as never, place.what, { at: place.at, keys: place.keys }, inner);
      columns.push(each);
    } else {
      const rendered = renderSql(each, place, inner);
      expressions.push(rendered.text);
      needs.push(...rendered.needs, ...inner.columnIds.values());
    }
  }
  return { columns, expressions, needs };
}

const mostParts = 8;
const largestTarget = 10_000;

/** The limits of CREATE STATISTICS and ALTER STATISTICS, said at the declaration. */
function checkParts({ on, kinds, target }: StatisticsInput, { at, keys, what }: SqlPlace, inner: IndexedRelation): void {
  const isOneExpression = on.length === 1 && typeof on[0] !== 'string';
  const problem =
    on.length < 2 && !isOneExpression
      ? ['are on less than two columns', 'name two to eight columns and expressions, or one expression alone']
      : on.length > mostParts
        ? [`are on ${on.length} columns and expressions`, 'PostgreSQL takes eight at most']
        : isOneExpression && kinds !== undefined
          ? ['are on one expression and say which kinds', 'leave kinds out: one expression gets the statistics of a column']
          : kinds?.length === 0
            ? ['have no kind', 'leave kinds out for all of them']
            : target !== undefined && !(Number.isInteger(target) && target >= 0 && target <= largestTarget)
              ? [`have the target ${target}`, `write a whole number from 0 to ${largestTarget}`]
              : undefined;
  if (problem === undefined) return;
  inner.report({ code: 'invalid-statistics', message: `${what} ${problem[0]}`, hint: problem[1] ?? '', at, keys });
}
