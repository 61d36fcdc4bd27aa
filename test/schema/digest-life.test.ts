/**
 * The life of a digest through the declared queries alone: claimed once, failed and tried again, delivered,
 * read, counted and erased. What the tables promise is tried on PostgreSQL, repetitions and late events included.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { ask as askOn, buildDatabase, loadDigestSchema, openEmpty, type Value } from './support.ts';

const declared = await loadDigestSchema();
const digest = { digest_id: '019ab9d6-c400-7000-8000-000000000001', created_at: '2026-11-25 08:00:00+00' };
const send = { user_id: 1, kind: 'daily', period_start: '2026-11-24' };

let engine: Engine;
const ask = (name: string, values: { readonly [parameter: string]: Value } = {}) => askOn(engine, declared, name, values);
const refused = (promise: Promise<unknown>) => expect(promise).rejects.toMatchObject({ code: '23514' });

beforeAll(async () => {
  engine = await openEmpty();
  await buildDatabase(engine, declared);
  await engine.execute('SET search_path = public; INSERT INTO users VALUES (1), (2); INSERT INTO email_logs VALUES (70, $$m-70$$)');
});
afterAll(() => engine?.close());

it('finds users by their local hour, those who want it daily and those whose weekday it is', async () => {
  const wants = { enabled: true, time_zone: 'Asia/Kathmandu', send_hour: 8, send_weekday: 3 };
  await ask('save_preferences', { ...wants, user_id: 1, frequency: 'weekly' });
  await ask('save_preferences', { ...wants, user_id: 1, frequency: 'daily' });
  await ask('save_preferences', { ...wants, user_id: 2, frequency: 'weekly' });
  expect(await ask('time_zones_in_use')).toEqual([{ time_zone: 'Asia/Kathmandu' }]);
  const bucket = { time_zone: 'Asia/Kathmandu', send_hour: 8, after_user_id: 0, batch_size: 10 };
  const due = async (weekday: number) => (await ask('users_due', { ...bucket, send_weekday: weekday })).map((row) => row['user_id']);
  expect(await due(2)).toEqual(['1']);
  expect(await due(3)).toEqual(['1', '2']);
  await ask('unsubscribe', { user_id: 2 });
  expect(await due(3)).toEqual(['1']);
});

it('lets a send be claimed once, and again only after it failed', async () => {
  const claim = { ...send, digest_id: digest.digest_id };
  const retry = { ...send, failed_attempt: 1 };
  expect(await ask('claim_send', claim)).toHaveLength(1);
  expect(await ask('claim_send', claim)).toEqual([]);
  expect(await ask('retry_send', retry)).toEqual([]);
  await ask('fail_send', { ...send, attempt: 1, failed_at: '2026-11-25 08:00+00', provider_response: '{"code":421}' });
  expect(await ask('retry_send', retry)).toEqual([{ attempt: '2', digest_id: digest.digest_id }]);
  expect(await ask('retry_send', retry)).toEqual([]);
  expect(await ask('claim_send', claim)).toEqual([]);
});

it('does not let a second attempt be live, whoever writes it', async () => {
  const third = `INSERT INTO digest_sends (user_id, kind, period_start, attempt, digest_id) VALUES (1, 'daily', '2026-11-24', 3, '${digest.digest_id}')`;
  await expect(engine.execute(third)).rejects.toMatchObject({ code: '23505' });
});

it('finds a claim whose worker died, and not one that was handed over', async () => {
  const before = { claimed_before: '2100-01-01 00:00+00', oldest_period: '2026-10-11', batch_size: 10 };
  expect(await ask('stuck_sends', before)).toMatchObject([{ user_id: '1', attempt: '2' }]);
  await ask('hand_over_send', { ...send, attempt: 2, sent_at: '2026-11-25 08:01:00.5+00', email_log_id: 70, provider_message_id: 'm-70' });
  expect(await ask('stuck_sends', before)).toEqual([]);
  expect(await ask('sends_without_mail_log', { period_start: '2026-11-24' })).toEqual([]);
});

it('moves a status on and never back, in whatever order events come', async () => {
  const tell = (status: string, occurredAt: string) =>
    ask('record_delivery_event', {
      provider_message_id: 'm-70',
      oldest_period: '2026-10-11',
      status,
      occurred_at: occurredAt,
      provider_response: '{}',
    });
  // The service's clock shows whole seconds: it says that the mail arrived before it was sent.
  expect(await tell('delivered', '2026-11-25 08:01:00+00')).toHaveLength(1);
  expect(await tell('delivered', '2026-11-25 08:01:00+00')).toEqual([]);
  expect(await tell('complained', '2026-11-25 09:00:00+00')).toHaveLength(1);
  expect(await tell('delivered', '2026-11-25 10:00:00+00')).toEqual([]);
  const found = await ask('delivery_status_by_message', { provider_message_id: 'm-70', oldest_period: '2026-10-11' });
  expect(found).toMatchObject([{ user_id: '1', attempt: '2', status: 'complained', email_log_id: '70' }]);
});

it('finds a digest by its link, with the mail and after the mail is gone', async () => {
  await engine.execute(`
    INSERT INTO digests (id, user_id, created_at, kind, period_start, period_end, subject, locale, template_version, html_bytes, content)
      VALUES ('${digest.digest_id}', 1, '${digest.created_at}', 'daily', '2026-11-24', '2026-11-25', 'News', 'en', '7', 5, '{"items":[]}');
    INSERT INTO digest_payloads VALUES ('${digest.digest_id}', '${digest.created_at}', '<p>Hi', 'Hi')`);
  expect(await ask('digest_of_mail_link', digest)).toMatchObject([{ user_id: '1', html: '<p>Hi' }]);
  await engine.execute('BEGIN; DELETE FROM digest_payloads');
  expect(await ask('digest_of_mail_link', digest)).toMatchObject([{ user_id: '1', html: null }]);
  await engine.execute('ROLLBACK');
  const page = await ask('latest_digests_of_user', { user_id: 1, before: '2026-12-01 00:00+00', page_size: 20 });
  expect(page.map((row) => row['id'])).toEqual([digest.digest_id]);
});

it('counts a reader once, a repeated event not at all, and no machine', async () => {
  const event = (number: number, more: { readonly [parameter: string]: Value } = {}) =>
    ask('record_interaction', {
      id: `019ab9d6-c400-8000-8000-00000000000${number}`,
      occurred_at: '2026-11-25 09:00:00+00',
      digest_id: digest.digest_id,
      kind: 'daily',
      period_start: '2026-11-24',
      type: 'open',
      link_key: null,
      is_automatic: false,
      ...more,
    });
  for (const number of [1, 1, 2]) await event(number);
  await event(3, { is_automatic: true });
  await event(4, { type: 'click', link_key: 'item-1', occurred_at: '2026-12-02 09:00:00+00' });
  for (const _ of ['first', 'again']) await ask('roll_up_day', { period_start: '2026-11-24' });
  expect(
    await engine.query('SELECT attempts, failed, sent, delivered, complained, opened, opens, clicked, clicks FROM digest_daily_stats'),
  ).toEqual([
    { attempts: '2', failed: '1', sent: '1', delivered: '1', complained: '1', opened: '1', opens: '2', clicked: '1', clicks: '1' },
  ]);
  expect(await ask('rates_per_day', { first_day: '2026-11-01', day_after_last: '2026-12-01' })).toMatchObject([
    { kind: 'daily', open_rate: '100.00', click_rate: '100.00', bounce_rate: '0.00' },
  ]);
});

it('refuses what would never be due, never be counted, or never be found', async () => {
  await refused(engine.execute('UPDATE user_digest_preferences SET send_hour = 24'));
  await refused(engine.execute("UPDATE user_digest_preferences SET frequency = 'never'"));
  await refused(engine.execute("UPDATE digests SET content = to_jsonb('{}'::text)"));
  await refused(engine.execute('UPDATE digests SET period_end = period_start'));
  await refused(engine.execute('UPDATE digest_sends SET provider_message_id = NULL WHERE attempt = 2'));
  await refused(engine.execute("UPDATE digest_interactions SET link_key = NULL WHERE type = 'click'"));
});

it('erases everything of one user and nothing of others, and leaves the counts', async () => {
  await ask('erase_user', { user_id: 1 });
  const [left] = await engine.query(`
    SELECT (SELECT count(*) FROM digests) AS digests, (SELECT count(*) FROM digest_payloads) AS payloads, (SELECT count(*) FROM digest_sends) AS sends,
      (SELECT count(*) FROM digest_interactions) AS interactions, (SELECT string_agg(user_id::text, ' ') FROM user_digest_preferences) AS preferences,
      (SELECT count(*) FROM digest_daily_stats) AS days`);
  expect(left).toEqual({ digests: '0', payloads: '0', sends: '0', interactions: '0', preferences: '2', days: '1' });
  await engine.execute('DELETE FROM users WHERE id = 2');
  expect(await engine.query('SELECT FROM user_digest_preferences')).toHaveLength(0);
});
