/**
 * Each declared query is served by the index that was made for it: planned by PostgreSQL at its own
 * choice, on 5,000 users with ten digests each, with no kind of scan switched off.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { ask, buildDatabase, loadDigestSchema, openEmpty, type Value } from './support.ts';

const declared = await loadDigestSchema();

/** Users 1 to 5000; one digest each for the periods that begin on 20 to 29 November, sent the day after at 8:00. */
const rows = `
  INSERT INTO users SELECT generate_series(1, 5000);
  INSERT INTO user_digest_preferences (user_id, time_zone, send_hour, send_weekday, frequency)
    SELECT id, (ARRAY['Europe/Berlin', 'Asia/Kathmandu', 'UTC', 'America/Lima'])[id % 4 + 1], id / 4 % 24, id % 7 + 1, CASE WHEN id % 3 = 0 THEN 'weekly' ELSE 'daily' END
    FROM users;
  CREATE TEMPORARY TABLE sent AS
    SELECT id AS user_id, md5(id || ' ' || day)::uuid AS digest_id, date '2026-11-20' + day AS period_start,
      timestamptz '2026-11-21 08:00+00' + day * interval '1 day' AS at, day * 5000 + id AS number
    FROM generate_series(0, 9) day, users ORDER BY day, id;
  INSERT INTO digests (id, user_id, created_at, kind, period_start, period_end, subject, locale, template_version, html_bytes, content)
    SELECT digest_id, user_id, at, 'daily', period_start, period_start + 1, 'News', 'en', '7', 60000, '{"items":[]}' FROM sent;
  INSERT INTO digest_payloads SELECT digest_id, at, repeat('<p>', 100), 'News' FROM sent WHERE at >= '2026-11-24';
  INSERT INTO email_logs SELECT number, 'message ' || number FROM sent;
  INSERT INTO digest_sends (user_id, kind, period_start, digest_id, status, created_at, sent_at, email_log_id, provider_message_id)
    SELECT user_id, 'daily', period_start, digest_id, CASE WHEN number % 1000 = 0 THEN 'queued' ELSE 'delivered' END, at,
      CASE WHEN number % 1000 <> 0 THEN at END, number, CASE WHEN number % 1000 <> 0 THEN 'message ' || number END
    FROM sent;
  INSERT INTO digest_interactions (id, occurred_at, digest_id, kind, period_start, type)
    SELECT md5('open ' || number)::uuid, at + interval '1 hour', digest_id, 'daily', period_start, 'open' FROM sent;
  INSERT INTO digest_daily_stats (period_start, kind) SELECT date '2020-01-01' + day, kind FROM generate_series(0, 2000) day, unnest(ARRAY['daily', 'weekly']) kind`;

const send = { user_id: 17, kind: 'daily', period_start: '2026-11-24' };
const link = { digest_id: '019ab6f4-0000-7000-8000-000000000001', created_at: '2026-11-25 08:00:00+00' };
const day = { period_start: '2026-11-24' };

interface Served {
  readonly with: { readonly [parameter: string]: Value };
  /** What is read and how, by the names on the table and not on its partitions. Absent where nothing is read. */
  readonly by?: readonly string[];
}

const served: { readonly [query: string]: Served } = {
  preferences_of_user: { with: { user_id: 17 }, by: ['user_digest_preferences_pkey'] },
  save_preferences: {
    with: { user_id: 17, enabled: true, frequency: 'daily', time_zone: 'UTC', send_hour: 8, send_weekday: 1 },
    by: ['conflicts user_digest_preferences_pkey'],
  },
  unsubscribe: { with: { user_id: 17 }, by: ['user_digest_preferences_pkey'] },
  time_zones_in_use: { with: {}, by: ['index only user_digest_preferences_due'] },
  users_due: {
    with: { time_zone: 'UTC', send_hour: 8, after_user_id: 0, send_weekday: 2, batch_size: 10 },
    by: ['index only user_digest_preferences_due'],
  },
  latest_digests_of_user: {
    with: { user_id: 17, before: '2026-12-24 00:00+00', page_size: 3 },
    by: ['digests_user_recent'],
  },
  digest_of_mail_link: { with: link, by: ['digest_payloads_pkey', 'digests_pkey'] },
  claim_send: { with: { ...send, digest_id: link.digest_id } },
  retry_send: { with: { ...send, failed_attempt: 1 }, by: ['digest_sends_pkey'] },
  hand_over_send: {
    with: { ...send, attempt: 1, sent_at: '2026-11-25 08:00+00', email_log_id: 1, provider_message_id: 'x' },
    by: ['digest_sends_one_live'],
  },
  fail_send: {
    with: { ...send, attempt: 1, failed_at: '2026-11-25 08:00+00', provider_response: null },
    by: ['digest_sends_one_live'],
  },
  record_delivery_event: {
    with: {
      provider_message_id: 'message 17',
      status: 'bounced',
      occurred_at: '2026-11-25 09:00+00',
      oldest_period: '2026-10-11',
      provider_response: '{}',
    },
    by: ['digest_sends_provider_message'],
  },
  delivery_status_by_message: {
    with: { provider_message_id: 'message 17', oldest_period: '2026-10-11' },
    by: ['digest_sends_provider_message'],
  },
  stuck_sends: {
    with: { claimed_before: '2026-11-25 09:00+00', oldest_period: '2026-10-11', batch_size: 100 },
    by: ['digest_sends_queued'],
  },
  // A tenth of this small log is asked for, so that it is read whole; of a real one it is found by key.
  sends_without_mail_log: { with: day, by: ['Seq Scan email_logs', 'digest_sends_period'] },
  record_interaction: {
    with: {
      id: link.digest_id,
      occurred_at: '2026-11-25 09:00+00',
      digest_id: link.digest_id,
      kind: 'daily',
      period_start: '2026-11-24',
      type: 'open',
      link_key: null,
      is_automatic: false,
    },
  },
  roll_up_day: {
    with: day,
    by: ['conflicts digest_daily_stats_pkey', 'digest_sends_period', 'index only digest_interactions_cohort'],
  },
  rates_per_day: { with: { first_day: '2024-11-01', day_after_last: '2024-12-01' }, by: ['digest_daily_stats_pkey'] },
  erase_user: {
    with: { user_id: 17 },
    by: ['digest_interactions_digest', 'digest_payloads_pkey', 'digest_sends_pkey', 'digests_user_recent', 'user_digest_preferences_pkey'],
  },
};

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Conflict Arbiter Indexes'?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

let engine: Engine;
/** Names of indexes of partitions, and what they are called on the table. */
const parents = new Map<string, string>();
/** Partitions without rows: the planner may read them in any way. */
const empty = new Set<string>();

beforeAll(async () => {
  engine = await openEmpty();
  await buildDatabase(engine, declared);
  await engine.execute(`SET search_path = public; ${rows}`);
  // As on solid-state disks; 4, the default, is for spinning ones.
  await engine.execute('SET random_page_cost = 1.1');
  await engine.execute('VACUUM ANALYZE');
  const children = await engine.query(`
    SELECT child.relname AS child, parent.relname AS parent, child.relkind AS kind, child.reltuples <= 0 AS empty
    FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent`);
  for (const each of children) {
    if (each['kind'] === 'i') parents.set(each['child'] ?? '', each['parent'] ?? '');
    else if (each['empty'] === 't') empty.add(each['child'] ?? '');
  }
});
afterAll(() => engine?.close());

function nodesOf(node: PlanNode): readonly PlanNode[] {
  if (empty.has(node['Relation Name'] ?? '')) return [];
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

async function planOf(name: string): Promise<readonly PlanNode[]> {
  const [row] = await ask(engine, declared, name, served[name]?.with, 'EXPLAIN (FORMAT JSON) ');
  return (JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan: PlanNode }[]).flatMap(({ Plan }) => nodesOf(Plan));
}

function readsOf(node: PlanNode): readonly string[] {
  const index = node['Index Name'];
  if (node['Node Type'] === 'Seq Scan') return [`Seq Scan ${node['Relation Name']}`];
  const conflicts = (node['Conflict Arbiter Indexes'] ?? []).map((each) => `conflicts ${each}`);
  if (index === undefined) return conflicts;
  return [`${node['Node Type'] === 'Index Only Scan' ? 'index only ' : ''}${parents.get(index) ?? index}`];
}

it('says of every declared query what serves it', () => {
  expect(Object.keys(served).sort()).toEqual(declared.queries.map((query) => query.name).sort());
});

it.each(Object.keys(served))('%s is served by its index', async (name) => {
  expect([...new Set((await planOf(name)).flatMap(readsOf))].sort()).toEqual(served[name]?.by ?? []);
});

it.each(['users_due', 'latest_digests_of_user'])('%s comes in order, without sorting', async (name) => {
  expect((await planOf(name)).map((node) => node['Node Type'])).not.toContain('Sort');
});

it('a link reads one partition of digests and one of payloads, also with a plan made for any parameters', async () => {
  await engine.execute('SET plan_cache_mode = force_generic_plan');
  const plan = (await ask(engine, declared, 'digest_of_mail_link', link, 'EXPLAIN (COSTS OFF) '))
    .map((row) => row['QUERY PLAN'])
    .join('\n');
  await engine.execute('RESET plan_cache_mode');
  expect(plan.match(/ on digests_p\d+/g)).toEqual([' on digests_p20261101']);
  expect(plan.match(/ on digest_payloads_p\d+/g)).toEqual([' on digest_payloads_p20261125']);
});
