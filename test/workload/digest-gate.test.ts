/** The repository's own schema: its queries keep their budgets, and cannot lose what they live on unseen. */
import { expect, it } from 'vitest';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { atScale, parseScale, volumesOf } from '../../compiler/workload/volumes.ts';
import { createProject, ownSchema } from '../commands/support.ts';
import { loadDigestSchema } from '../schema/support.ts';
import { gateOf } from './support.ts';

const declared = await loadDigestSchema();
const without = (name: string): DeclaredSchema => ({ ...declared, objects: declared.objects.filter(({ id }) => !id.endsWith(`.${name}`)) });

it('every query is planned within its budget, the same twice', async () => {
  const result = await gateOf(declared);
  expect(result.findings).toEqual([]);
  expect(result.plans.map(({ query }) => query)).toEqual(declared.queries.map(({ name }) => name));
  expect(declared.queries.filter(({ use }) => Object.keys(use.budget).length === 0)).toEqual([]);
  expect(JSON.stringify(await gateOf(declared))).toBe(JSON.stringify(result));
});

it.each([
  ['user_digest_preferences_due', ['time_zones_in_use', 'users_due']],
  ['digest_sends_provider_message', ['record_delivery_event', 'delivery_status_by_message']],
  ['digest_sends_queued', ['stuck_sends']],
  ['digest_interactions_digest', ['erase_user']],
])('without %s the gate names %j', async (index, queries) => {
  const { findings } = await gateOf(without(index));
  expect(findings.filter(({ form }) => form === 'over budget').map(({ query }) => query)).toEqual(queries);
});

it('compile fails where the index that a query lives on is dropped, at the budget of the query', async () => {
  const files = ownSchema();
  const text = files['schema/digests.ts'] ?? '';
  const dropped = text.replace(/ {2}indexes: \{\n {4}digests_user_recent[\s\S]*?\n {2}\},\n/, '');
  expect(dropped).not.toContain('digests_user_recent:');
  const project = await createProject({
    ...files,
    'schema/requirements.ts': '',
    'schema/decisions.ts': '',
    'schema/open-questions.ts': '',
  });
  expect((await project.compile()).exitCode).toBe(0);
  expect(project.read('generated/docs/queries.md')).toContain(
    '- [`erase_user`](queries.md#erase_user) reads every partition of [`digest_interactions`]',
  );
  const generated = project.generated();
  project.write({ 'schema/digests.ts': dropped });
  const { exitCode, diagnostics } = await project.compile();
  const broken = diagnostics.filter(({ code }) => code === 'query-over-budget');
  expect(exitCode).toBe(1);
  expect(broken.map(({ subject }) => subject)).toEqual(['query latest_digests_of_user', 'query erase_user']);
  expect(broken[0]?.place?.file).toBe('schema/queries.ts');
  expect(broken[0]?.hint).toContain('an index of digests on (user_id, created_at) would keep it within its budget');
  // The plan as it is, as it was, and as it would be with the index.
  expect(broken[0]?.message).toMatch(/reads digests whole \(noSeqScan\)[^]*Seq Scan on digests × 14 partitions/);
  expect(broken[0]?.message).toMatch(
    /it was planned so before; the cost goes from [\d.]+ to [\d,]+, [\d,]+ times as much:[^]*Index Scan using digests_user_recent/,
  );
  expect(broken[0]?.hint).toContain('using digests_user_id_created_at_idx');
  // What deleting a user costs then, which no query says.
  expect(diagnostics.find(({ code }) => code === 'foreign-key-without-index')?.message).toMatch(
    /255,000,000 rows, 17 partitions, at a cost of [\d,]+ for each$/,
  );
  expect(project.generated()).toEqual(generated);
});

it('a scale is for a table and what refers to it, or for partitions', () => {
  const scales = ['users=100M', 'digests.partitions=60'].flatMap((text) => parseScale(text) ?? []);
  const volumes = atScale(volumesOf(declared), scales);
  expect(volumes.get('table public.users')?.volume.rows).toBe(100_000_000);
  expect(volumes.get('table public.user_digest_preferences')?.volume.rows).toBe(100_000_000);
  expect(volumes.get('table public.digests')).toMatchObject({ volume: { rows: 25_500_000_000 }, partitions: 60 });
  expect(volumes.get('table public.digest_daily_stats')?.volume.rows).toBe(7_300);
  expect(['users', 'users=', 'users=0', 'users=many', 'users=1T'].flatMap((text) => parseScale(text) ?? [])).toEqual([]);
});
