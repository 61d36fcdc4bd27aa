/**
 * The moment when a month ends, again and again: writers go on at both sides of it, a reader keeps its
 * transaction open for long, and maintenance makes the next month and retires the oldest meanwhile. Nobody
 * is refused for want of a partition, and nobody waits for a lock for three tenths of a second.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { monthly, newWorld, tableSql, type World } from './support.ts';

const isFull = process.env['SCHEMAC_TEST_TIER'] === 'full';
const months = isFull ? 8 : 3;

/** The clock of the application: a month goes by in `length` milliseconds of ours. */
interface Clock {
  readonly now: () => Date;
}
function clockFrom(year: number, length: number): Clock {
  const began = Date.now();
  return { now: () => new Date(Date.UTC(year, 0, 31, 23, 59, 55) + ((Date.now() - began) / length) * 30.44 * 86_400_000) };
}

interface Seen {
  written: number;
  read: number;
  readonly failures: string[];
}

/** A statement that waits for a lock for longer than that fails (55P03): what is counted is waiting, not how busy the machine is. */
async function client(world: World, work: (connection: Client) => Promise<void>, seen: Seen, goesOn: () => boolean): Promise<void> {
  const connection = new Client({ connectionString: world.url });
  await connection.connect();
  await connection.query(`SET lock_timeout = '300ms'; SET TimeZone = 'UTC'`);
  while (goesOn()) {
    await work(connection).catch((error: unknown) => void seen.failures.push(String(error)));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await connection.end();
}

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  const rules = [
    ['', {}],
    [
      ', partitioned again by hash',
      { within: `'{"key": "HASH (id)", "parts": [{"name": "0", "bound": "FOR VALUES WITH (modulus 1, remainder 0)"}]}'` },
    ],
  ] as const;
  it.each(isFull ? rules : rules.slice(0, 1))('months go by under load%s', { timeout: 240_000 }, async (_what, more) => {
    const rule = { ...monthly, premake: '3', past: '1', retain: `'2 months'`, grace: `'1 month'`, ...more };
    const world = await newWorld(server, tableSql(rule));
    const clock = clockFrom(2026, 2_000);
    await world.apply(clock.now().toISOString());
    const seen: Seen = { written: 0, read: 0, failures: [] };
    let isOver = false;
    const goesOn = (): boolean => !isOver;
    let number = 0;
    const write = (hours: number) =>
      client(
        world,
        async (connection) => {
          number += 1;
          const at = new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
          await connection.query('INSERT INTO public.events VALUES ($1, $2, $3)', [number, at, 'x']);
          seen.written += 1;
        },
        seen,
        goesOn,
      );
    const read = client(
      world,
      async (connection) => void (await connection.query('SELECT max(at) FROM public.events'), (seen.read += 1)),
      seen,
      goesOn,
    );
    const longRead = client(
      world,
      async (connection) => {
        await connection.query('BEGIN; SELECT count(*) FROM public.events');
        await new Promise((resolve) => setTimeout(resolve, 700));
        await connection.query('COMMIT');
      },
      seen,
      goesOn,
    );
    const clients = Promise.all([write(-1), write(0), write(1), read, longRead]);
    const problems: unknown[] = [];
    for (const end = Date.now() + months * 2_000; Date.now() < end;) {
      const { diagnostics } = await world.apply(clock.now().toISOString());
      problems.push(...diagnostics);
    }
    isOver = true;
    await clients;
    expect(problems).toEqual([]);
    expect(seen.failures).toEqual([]);
    expect(seen.written).toBeGreaterThan(months * 20);
    expect(seen.read).toBeGreaterThan(months * 20);
    const gone = await world.sql(`SELECT count(*) FROM schemac.partition_log WHERE action = 'detached'`);
    expect(Number(gone[0]?.[0])).toBeGreaterThanOrEqual(months - 2);
    // What was written is in the table, or in a partition that waits for the end of its grace, or was kept long enough.
    const kept = await world.sql(`SELECT count(*) FROM public.events`);
    expect(Number(kept[0]?.[0])).toBeGreaterThan(0);
  });
});
