/**
 * The life of partitioned tables under a clock that the test moves: maintenance once a day, missed for a
 * week, run twice, run with a clock that is an hour off; rows written every day, late ones too. No row is
 * refused for want of a partition, none is lost before its time, none is kept beyond retention and grace.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { newWorld, tableSql, type World } from './support.ts';

/** Forty days of spring on one major and of autumn on another, with a change of the clocks in each; `SCHEMAC_TEST_DAYS=1095` for three years. */
const days = Number(process.env['SCHEMAC_TEST_DAYS'] ?? 40);
const seasons = [Date.UTC(2026, 2, 20), Date.UTC(2026, 9, 16)] as const;

interface Life {
  readonly name: string;
  readonly type: string;
  readonly rule: { readonly [column: string]: string };
  /** Days that a row is kept at least, and at most: a partition and the days of a missed week come on top. */
  readonly atLeast: number;
  readonly atMost: number;
  /** The key of a row of that moment as SQL, where it is an id. */
  readonly id?: (milliseconds: number, number: number, start: number) => string;
}

const byHash = JSON.stringify({
  key: 'HASH (id)',
  parts: [0, 1].map((remainder) => ({ name: String(remainder), bound: `FOR VALUES WITH (modulus 2, remainder ${String(remainder)})` })),
});
const epoch = Date.UTC(2020, 0, 1);

const lives: readonly Life[] = [
  {
    name: 'by_day',
    type: 'timestamptz',
    rule: { every: `'1 day'`, premake: '9', retain: `'10 days'`, on_retire: `'drop'`, grace: `'3 days'`, zone: `'Europe/Berlin'` },
    atLeast: 13,
    atMost: 23,
  },
  {
    name: 'by_week',
    type: 'timestamptz',
    rule: {
      every: `'7 days'`,
      premake: '2',
      retain: `'14 days'`,
      on_retire: `'drop'`,
      zone: `'Europe/Berlin'`,
      within: `'${byHash}'`,
    },
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
  {
    name: 'by_hour',
    type: 'timestamptz',
    rule: { every: `'12 hours'`, premake: '19', past: '5', retain: `'3 days'`, on_retire: `'drop'`, retire_limit: '40' },
    atLeast: 3,
    atMost: 12,
  },
  {
    name: 'by_uuid',
    type: 'uuid',
    rule: { key: `'uuidv7'`, every: `'7 days'`, premake: '2', past: '1', retain: `'21 days'`, on_retire: `'drop'` },
    atLeast: 21,
    atMost: 37,
    id: (milliseconds, number) =>
      `'${milliseconds
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7000-8000-${number.toString(16).padStart(12, '0')}'`,
  },
  {
    name: 'by_snowflake',
    type: 'bigint',
    rule: {
      key: `'snowflake'`,
      epoch: `'2020-01-01Z'`,
      bits: '22',
      every: `'7 days'`,
      premake: '2',
      past: '1',
      retain: `'14 days'`,
      on_retire: `'keep'`,
    },
    atLeast: 4000,
    atMost: 4000,
    id: (milliseconds, number) => String((BigInt(milliseconds - epoch) << 22n) + BigInt(number)),
  },
  {
    // A day's rows are a thousand keys; now is the greatest one, so that a missed week needs as many keys ahead.
    name: 'by_number',
    type: 'bigint',
    rule: { key: `'integer'`, step: '2000', premake: '6', past: '1', retain_keys: '8000', on_retire: `'drop'` },
    atLeast: 8,
    atMost: 20,
    id: (milliseconds, number, start) => String(Math.floor((milliseconds - start) / 86_400) + (number >= 100_000 ? 1 + (number % 400) : 0)),
  },
];

/** A row written for a day: its number says which, and whether it came late. */
function insert({ name, id }: Life, number: number, milliseconds: number, start: number): string {
  return id === undefined
    ? `INSERT INTO public.${name} VALUES (${String(number)}, '${new Date(milliseconds).toISOString()}', '${String(number)}')`
    : `INSERT INTO public.${name} VALUES (${id(milliseconds, number, start)}, '${String(number)}')`;
}

/** Rows that should be there of a table: their days, wherever their partition is now. */
async function remaining(world: World, life: Life): Promise<readonly number[]> {
  const relations = await world.sql(
    `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND starts_with(c.relname, '${life.name}_p') AND NOT c.relispartition`,
  );
  const all = [`public.${life.name}`, ...relations.map(([relation]) => relation ?? '')];
  const rows = await world.sql(all.map((relation) => `SELECT body::int FROM ${relation}`).join(' UNION ALL ') + ' ORDER BY 1');
  return rows.map(([id]) => Number(id));
}

describe.each(testMajors)('on PostgreSQL %s', (major) => {
  const start = seasons[testMajors.indexOf(major) % seasons.length] ?? seasons[0];
  const iso = (day: number, hour = 3): string => new Date(start + (day * 24 + hour) * 3_600_000).toISOString();
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
        `CREATE SCHEMA archive; ${lives.map(({ name, type, rule, id }) => tableSql(rule, { name, type, ...(id === undefined ? {} : { key: 'id' }) })).join(' ')}`,
      );
      await world.apply(iso(0));
      for (let day = 0; day < days; day += 1) {
        // What is written at noon, and what comes two days late.
        const late = day >= 2 ? day - 2 : day;
        const at = (which: number): number => start + (which * 24 + 12) * 3_600_000;
        await world.sql(
          lives.flatMap((life) => [insert(life, day, at(day), start), insert(life, day + 100_000, at(late), start)]).join(';'),
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
        if (isMissed || (day % 8 !== 7 && day !== days - 1)) continue;
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
