/** A change that makes a query be planned otherwise shows both plans: on the command line, and in the change report. */
import { expect, it } from 'vitest';
import { planChanges, changeOfCost } from '../../compiler/commands/plan-changes.ts';
import type { QueryPlan } from '../../compiler/model/workload.ts';
import { createProject, expectDone, finding, migrationsOf } from '../commands/support.ts';

const schema = (indexes: string): string => `import { bigint, query, sql, table, text } from 'schemac';
export const people = table('people', { columns: { id: bigint(), mail: text({ values: { distinct: 500_000 } }) }, primaryKey: ['id'], expectedRows: 500_000, indexes: { ${indexes} } });
export const byMail = query('by_mail', { purpose: 'Asked.', sql: sql\`SELECT id FROM \${people} WHERE mail = :mail\`, samples: { mail: 'a' } });
`;

it('compile shows both plans and the difference in cost, the change report as a diff', async () => {
  const project = await createProject({ 'schema/people.ts': schema('') });
  expectDone(await project.compile());
  project.write({ 'schema/people.ts': schema(`people_mail: { on: ['mail'] }`) });
  const changed = await project.compile();
  expectDone(changed);
  const { message, severity, place } = finding(changed, 'query-plan-changed');
  expect(severity).toBe('notice');
  expect(place?.line).toBe(3);
  expect(message).toMatch(
    /planned otherwise, at a cost from [\d,]+ to [\d.]+, [\d,]+ times less; before:\n {2}Seq Scan on people[^]*now:\n {2}Index Scan using people_mail on people/,
  );
  const report = project.read(`generated/changes/${migrationsOf(project).at(-1) ?? ''}.md`);
  expect(report).toMatch(
    /## Plans of queries\n\n`by_mail`: cost [\d,]+ → [\d.]+\n\n```diff\n-Seq Scan on people[^]*\+Index Scan using people_mail/,
  );
  // What was written down is the state from now on.
  const again = await project.compile();
  expect(again.diagnostics.map(({ code }) => code)).not.toContain('query-plan-changed');
}, 180_000);

const plan = (query: string, cost: number, lines: readonly string[]): QueryPlan => ({
  query,
  cost,
  plan: lines,
  text: '',
  parameters: [],
  result: [],
  rows: 1,
  partitions: 0,
  genericCost: cost,
  grownCost: cost,
  indexes: [],
  tables: [],
  readWhole: [],
  budget: {},
});

it('a cost that hardly moves is no change, another order of magnitude is one, a new query has no before', () => {
  const before = { a: { cost: 10, plan: ['Seq Scan on a  cost 10, 1 row'] }, b: { cost: 10, plan: ['Seq Scan on b  cost 10, 1 row'] } };
  const changes = planChanges(before, [
    plan('a', 12, ['Seq Scan on a  cost 12, 3 rows']),
    plan('b', 25, ['Seq Scan on b  cost 25, 1 row']),
    plan('c', 1, ['Result']),
  ]);
  expect(changes.map((change) => `${change.query} ${changeOfCost(change)}`)).toEqual(['b from 10 to 25, 2.5 times as much']);
});
