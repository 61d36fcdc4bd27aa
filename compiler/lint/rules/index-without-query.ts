/** An index that costs space and writes, and that no declared query reads. */
import { isForeignKey, isIndex } from '../../kinds/guards.ts';
import type { Address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { indexShapes, servesEquality } from '../index-shapes.ts';
import type { LintContext, LintRule } from '../rule.ts';

/** What a table is searched by when a row that it refers to goes, enforced or sampled. */
function referencesOf(table: Address, { state, declared }: LintContext): readonly (readonly string[])[] {
  const hard = partsOf(state, table)
    .filter(isForeignKey)
    .map(({ attributes }) => attributes.columns);
  return [...hard, ...declared.softReferences.filter(({ from }) => from === table).map(({ fromColumns }) => fromColumns)];
}

export const indexWithoutQuery: LintRule = {
  code: 'index-without-query',
  severity: 'notice',
  about: 'schema',
  title: 'No declared query reads the index.',
  explanation: [
    'Each index is written with every insert and with most updates, and takes space and cache. Where queries are declared, they are',
    'planned at the declared volumes; an index that is in no plan, enforces nothing and finds no references may be left out,',
    'or the query that it is for is not declared. Tables that no declared query reads or writes are not asked.',
  ].join(' '),
  example: "query('digests_by_subject', { sql: sql`SELECT … WHERE subject = :subject`, purpose: 'Support looks for a mail.' })",
  check: (context) => {
    const used = new Set([...context.plans, ...context.references.map(({ plan }) => plan)].flatMap(({ indexes }) => indexes));
    const tables = new Set(context.plans.flatMap(({ tables: each }) => each));
    return context.managed.filter(isIndex).flatMap((index) => {
      const { on, unique } = index.attributes;
      if (unique || used.has(index.id) || !tables.has(on)) return [];
      const shape = indexShapes(on, context.state).find(({ id }) => id === index.id);
      const finds = shape !== undefined && referencesOf(on, context).some((columns) => servesEquality(shape, columns));
      if (finds) return [];
      return [
        {
          subject: index.id,
          message: `no declared query reads the index ${index.path.at(-1) ?? ''}`,
          hint: 'declare the query that it is for, or leave the index out',
        },
      ];
    });
  },
};
