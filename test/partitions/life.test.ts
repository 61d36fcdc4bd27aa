/**
 * The life of partitioned tables under a clock that the test moves: maintenance once a day, missed for a
 * week, run twice, run with a clock that is an hour off; rows written every day, late ones too. No row is
 * refused for want of a partition, none is lost before its time, none is kept beyond retention and grace.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { newWorld, tableSql, type World } from './support.ts';

/** Half a year in the full mode, otherwise as long as a missed week and what follows it; `SCHEMAC_TEST_DAYS=1095` for three years, which take long. */
const isFull = process.env['SCHEMAC_TEST_TIER'] === 'full';
const days = Number(process.env['SCHEMAC_TEST_DAYS'] ?? (isFull ? 180 : 24));
const start = Date.UTC(2026, 1, 20);

interface Life {
  readonly name: string;
  readonly type: string;
  readonly rule: { readonly [column: string]: string };
  /** Days that a row is kept at least, and at most: a partition and the days of a missed week come on top. */
  readonly atLeast: number;
  readonly atMost: number;
}

const lives: readonly Life[] = [
  {
    name: 'by_day',
    type: 'timestamptz',
    rule: { every: `'1 day'`, premake: '9', retain: `'10 days'`, on_retire: `'drop'`, grace: `'3 days'` },
    atLeast: 13,
    atMost: 23,
  },
  {
    name: 'by_week',
    type: 'timestamptz',
    rule: { every: `'7 days'`, premake: '2', retain: `'14 days'`, on_retire: `'drop'`, zone: `'Europe/Berlin'` },
    atLeast: 14,
    atMost: 30,
  },
  {
    name: 'by_month',
    type: 'date',
    rule: {
      every: `'1 month'`,
      premake: '1',
      past: '1',
      retain: `'1 month'`,
      on_retire: `'archive'`,
      archive_schema: `'archive'`,
      grace: `'5 days'`,
    },
    atLeast: 33,
    atMost: 75,
  },
  {
    name: 'by_wall',
    type: 'timestamp',
    rule: { every: `'1 day'`, premake: '9', retain: `'5 days'`, on_retire: `'drop'`, zone: `'America/Havana'` },
    atLeast: 4,
    atMost: 15,
  },
];

const iso = (day: number, hour = 3): string => new Date(start + (day * 24 + hour) * 3_600_000).toISOString();

/** Rows that should be there of a table: their days, wherever their partition is now. */
async function remaining(world: World, life: Life): Promise<readonly number[]> {
  const relations = await world.sql(
    `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND starts_with(c.relname, '${life.name}_p') AND NOT c.relispartition`,
  );
  const all = [`public.${life.name}`, ...relations.map(([relation]) => relation ?? '')];
  const rows = await world.sql(all.map((relation) => `SELECT id FROM ${relation}`).join(' UNION ALL ') + ' ORDER BY 1');
  return rows.map(([id]) => Number(id));
}

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it(
    `lives through ${String(days)} days`,
    async () => {
      const world = await newWorld(
        server,
        `CREATE SCHEMA archive; ${lives.map(({ name, type, rule }) => tableSql(rule, { name, type })).join(' ')}`,
      );
      await world.apply(iso(0));
      for (let day = 0; day < days; day += 1) {
        // What is written at noon, and what comes two days late.
        const late = day >= 2 ? day - 2 : day;
        await world.sql(
          lives
            .map(
              ({ name }) =>
                `INSERT INTO public.${name} VALUES (${String(day)}, '${iso(day, 12)}', 'in time'), (${String(day + 100_000)}, '${iso(late, 12)}', 'late')`,
            )
            .join(';'),
        );
        const isMissed = day % 30 >= 8 && day % 30 < 15;
        const runs = isMissed
          ? []
          : day % 11 === 0
            ? [iso(day, 4), iso(day, 4)]
            : day % 13 === 0
              ? [iso(day, 3), iso(day, 2)]
              : [iso(day, 3)];
        for (const at of runs) {
          const result = await world.apply(at);
          expect(result.diagnostics).toEqual([]);
          expect(result.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
          // Running it again at the same time finds nothing: the plan is done.
          if (day % 7 === 0) expect(await world.plan(at)).toEqual([]);
        }
        if (isMissed || day % 8 !== 7) continue;
        for (const life of lives) {
          const found = new Set(await remaining(world, life));
          const expected = Array.from({ length: day + 1 }, (_, each) => each).filter((each) => day - each <= life.atLeast);
          expect({ [life.name]: expected.filter((each) => !found.has(each)) }).toEqual({ [life.name]: [] });
          expect({ [life.name]: [...found].filter((each) => each < 100_000 && day - each > life.atMost) }).toEqual({ [life.name]: [] });
        }
        expect(await world.check(iso(day, 4))).toEqual([]);
      }
    },
    60_000 + days * 5_000,
  );
});
