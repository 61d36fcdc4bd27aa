/** The functions behind partition rules, on a real PostgreSQL: the grid, the plan, the first window. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { declarePartitionSupport } from '../../compiler/kinds/partition-support/declare.ts';
import { partitionSupportKind } from '../../compiler/kinds/partition-support/kind.ts';
import { introspect, planContext, run, testEngine, testEngines } from './support.ts';

describe.each(testEngines)('on %s', (engine) => {
  const { current } = testEngine(engine);
  const support = declarePartitionSupport();
  const context = planContext();

  async function install(): Promise<void> {
    await run(current(), partitionSupportKind.create(support, context));
  }

  async function cell(at: string, every: string, zone: string): Promise<readonly (string | null | undefined)[]> {
    const [row] = await current().query(`SELECT lower, upper FROM schemac.partition_cell('${at}', '${every}', '${zone}')`);
    return [row?.['lower'], row?.['upper']];
  }

  interface Rule {
    readonly type?: string;
    readonly every: string;
    readonly premake?: number;
    readonly retain?: string;
    readonly zone?: string;
    readonly template?: string;
    readonly table?: string;
  }

  async function partitioned({
    type = 'timestamptz',
    every,
    premake = 2,
    retain,
    zone = 'UTC',
    template = '{}',
    table = 'events',
  }: Rule): Promise<void> {
    await current().execute(`
    CREATE TABLE public."${table}" (id bigint NOT NULL, at ${type} NOT NULL, body text NOT NULL DEFAULT 'none', PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE INDEX ON public."${table}" (at DESC);
    INSERT INTO schemac.partition_rule VALUES
      (format('public.%I', '${table}'), 'at', '${every}', ${premake}, ${retain === undefined ? 'NULL' : `'${retain}'`}, 'drop', NULL, NULL, '${zone}', '${template}')`);
  }

  async function plan(at: string, table = 'events'): Promise<readonly string[]> {
    const rows = await current().query(`SELECT * FROM schemac.partition_plan(format('public.%I', '${table}'), '${at}')`);
    return rows.map((row) => `${row['action']} ${row['name']} ${row['lower']} ${row['upper']}`);
  }

  async function create(at: string, table = 'events'): Promise<readonly (string | null | undefined)[]> {
    const rows = await current().query(`SELECT schemac.partition_create(format('public.%I', '${table}'), '${at}') AS made`);
    return rows.map((row) => row['made']);
  }

  afterEach(async () => {
    await current().execute(
      `SET TimeZone = 'UTC'; DROP SCHEMA public CASCADE; CREATE SCHEMA public; SET search_path = ''; TRUNCATE schemac.partition_rule, schemac.partition_log`,
    );
  });

  describe('the object', () => {
    it('is made, made again, read back, and dropped', async () => {
      await install();
      await install();
      expect(await introspect(current(), partitionSupportKind)).toEqual([{ ...support, dependsOn: [] }]);
      await run(current(), partitionSupportKind.drop(support, context));
      expect(await introspect(current(), partitionSupportKind)).toEqual([]);
      expect(await current().query(`SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('schemac')`)).toEqual([]);
      await install();
    });

    it('tells another version from its own', async () => {
      await install();
      await current().execute(`COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version 0'`);
      const [found] = await introspect(current(), partitionSupportKind);
      expect(found?.attributes.version).toBe(0);
      const alter = partitionSupportKind.alter.version.statements;
      if (typeof alter !== 'function' || found === undefined) throw new Error('the version has statements');
      await run(current(), alter(found, support, context));
      expect(await introspect(current(), partitionSupportKind)).toEqual([{ ...support, dependsOn: [] }]);
    });
  });

  describe('the grid', () => {
    beforeAll(install);

    it.each([
      ['2026-03-15 12:00+00', '1 month', 'UTC', '2026-03-01 00:00:00+00', '2026-04-01 00:00:00+00'],
      ['2024-02-29 23:59:59.999999+00', '1 month', 'UTC', '2024-02-01 00:00:00+00', '2024-03-01 00:00:00+00'],
      ['2024-02-29 12:00+00', '1 day', 'UTC', '2024-02-29 00:00:00+00', '2024-03-01 00:00:00+00'],
      ['2026-05-31 12:00+00', '3 months', 'UTC', '2026-04-01 00:00:00+00', '2026-07-01 00:00:00+00'],
      ['2026-05-31 12:00+00', '1 year', 'UTC', '2026-01-01 00:00:00+00', '2027-01-01 00:00:00+00'],
      ['1999-12-31 12:00+00', '1 month', 'UTC', '1999-12-01 00:00:00+00', '2000-01-01 00:00:00+00'],
      // 2026-07-01 is a Wednesday.
      ['2026-07-01 00:00+00', '1 week', 'UTC', '2026-06-29 00:00:00+00', '2026-07-06 00:00:00+00'],
      ['1999-12-31 00:00+00', '7 days', 'UTC', '1999-12-27 00:00:00+00', '2000-01-03 00:00:00+00'],
      ['2026-07-01 13:59+00', '6 hours', 'UTC', '2026-07-01 12:00:00+00', '2026-07-01 18:00:00+00'],
      ['1999-12-31 23:50+00', '15 minutes', 'UTC', '1999-12-31 23:45:00+00', '2000-01-01 00:00:00+00'],
      // Midnight in Berlin is 23:00 in winter and 22:00 in summer; the days of change have 23 and 25 hours.
      ['2026-03-29 12:00+00', '1 day', 'Europe/Berlin', '2026-03-28 23:00:00+00', '2026-03-29 22:00:00+00'],
      ['2026-10-25 12:00+00', '1 day', 'Europe/Berlin', '2026-10-24 22:00:00+00', '2026-10-25 23:00:00+00'],
      ['2026-03-31 22:30+00', '1 month', 'Europe/Berlin', '2026-03-31 22:00:00+00', '2026-04-30 22:00:00+00'],
      ['2026-03-29 12:00+00', '1 week', 'Europe/Berlin', '2026-03-22 23:00:00+00', '2026-03-29 22:00:00+00'],
      ['2026-07-01 05:10+00', '1 hour', 'Asia/Kolkata', '2026-07-01 04:30:00+00', '2026-07-01 05:30:00+00'],
      // Havana has two midnights when its clocks go back at one: the day begins at the second.
      ['2026-11-01 04:30+00', '1 day', 'America/Havana', '2026-10-31 04:00:00+00', '2026-11-01 05:00:00+00'],
      // Samoa had no 30th of December in 2011.
      ['2011-12-30 09:59+00', '1 day', 'Pacific/Apia', '2011-12-29 10:00:00+00', '2011-12-30 10:00:00+00'],
      ['2011-12-30 10:00+00', '1 day', 'Pacific/Apia', '2011-12-30 10:00:00+00', '2011-12-31 10:00:00+00'],
    ])('cuts %s by %s in %s', async (at, every, zone, lower, upper) => {
      expect(await cell(at, every, zone)).toEqual([lower, upper]);
      const [row] = await current().query(`SELECT schemac.partition_floor('${at}', '${every}', '${zone}') AS lower`);
      expect(row?.['lower']).toBe(lower);
    });

    it('leaves no moment of six years in two cells or in none', async () => {
      const [row] = await current().query(`
      SELECT count(*) AS moments, count(*) FILTER (WHERE c.lower <= at AND at < c.upper) AS inside,
        count(*) FILTER (WHERE (schemac.partition_cell(c.upper, every, zone)).lower = c.upper) AS next,
        count(*) FILTER (WHERE (schemac.partition_cell(c.lower, every, zone)) = c) AS same
      FROM unnest(ARRAY['UTC', 'Europe/Berlin', 'America/Havana', 'Asia/Beirut', 'Australia/Lord_Howe', 'Asia/Kathmandu']) zone,
        unnest(ARRAY['1 month', '5 months', '1 week', '1 day', '3 days', '7 hours']::interval[]) every,
        generate_series(timestamptz '2021-01-01+00', '2026-12-31+00', '2 days 23 hours 17 minutes') at,
        schemac.partition_cell(at, every, zone) c`);
      expect(row?.['inside']).toBe(row?.['moments']);
      expect(row?.['next']).toBe(row?.['moments']);
      expect(row?.['same']).toBe(row?.['moments']);
      expect(Number(row?.['moments'])).toBeGreaterThan(20_000);
    });

    it.each(['1 month 1 day', '0 days', '-1 months', '30 seconds', '1 day 1 hour', '00:01:30'])(
      'refuses partitions of %s',
      async (every) => {
        await expect(cell('2026-01-01', every, 'UTC')).rejects.toThrow(/a partition cannot be .* long/);
      },
    );

    it('refuses a zone that PostgreSQL does not know', async () => {
      await expect(cell('2026-01-01', '1 day', 'Mars/Olympus')).rejects.toThrow(/time zone "Mars\/Olympus" not recognized/);
    });
  });

  describe('the plan', () => {
    beforeAll(install);

    it('wants the present partition and those ahead, and nothing once they are there', async () => {
      await partitioned({ every: '1 month' });
      const at = '2026-07-15 12:00+00';
      expect(await plan(at)).toEqual([
        'create events_p20260701 2026-07-01 00:00:00+00 2026-08-01 00:00:00+00',
        'create events_p20260801 2026-08-01 00:00:00+00 2026-09-01 00:00:00+00',
        'create events_p20260901 2026-09-01 00:00:00+00 2026-10-01 00:00:00+00',
      ]);
      expect(await create(at)).toEqual(['public.events_p20260701', 'public.events_p20260801', 'public.events_p20260901']);
      expect(await plan(at)).toEqual([]);
      expect(await create(at)).toEqual([]);
      expect(await plan('2026-07-31 23:59:59+00')).toEqual([]);
      expect(await plan('2026-08-01 00:00+00')).toEqual(['create events_p20261001 2026-10-01 00:00:00+00 2026-11-01 00:00:00+00']);
    });

    it.each([
      ['timestamptz', '1 day'],
      ['timestamptz', '1 hour'],
      ['timestamp', '1 day'],
      ['date', '1 week'],
    ])('is the same in every session: %s by %s', async (type, every) => {
      await partitioned({ type, every, zone: 'Europe/Berlin' });
      await create('2026-03-28 12:00+00');
      const plans: unknown[][] = [];
      for (const zone of ['UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/St_Johns']) {
        await current().execute(`SET TimeZone = '${zone}'; SET DateStyle = 'SQL, DMY'`);
        const rows = await current().query(
          `SELECT action, name, extract(epoch FROM lower) AS lower, extract(epoch FROM upper) AS upper, bound FROM schemac.partition_plan('public.events', '2026-03-30 12:00+00')`,
        );
        await current().execute(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'`);
        plans.push([...rows]);
      }
      const [first, ...others] = plans;
      expect(first?.length).toBeGreaterThan(0);
      for (const other of others) expect(other).toEqual(first);
    });

    it('makes the same partitions in every session', async () => {
      const made: unknown[] = [];
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        await partitioned({ every: '1 day', zone: 'Europe/Berlin', table: `in ${zone}` });
        await current().execute(`SET TimeZone = '${zone}'`);
        await create('2026-03-28 12:00+00', `in ${zone}`);
        await current().execute(`SET TimeZone = 'UTC'`);
        made.push(
          await current().query(
            `SELECT pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public."in ${zone}"'::regclass ORDER BY 1`,
          ),
        );
      }
      expect(made[1]).toEqual(made[0]);
      expect(made[2]).toEqual(made[0]);
      expect(made[0]).toContainEqual({ bound: `FOR VALUES FROM ('2026-03-28 23:00:00+00') TO ('2026-03-29 22:00:00+00')` });
    });

    it('fills the gaps between the partitions that are there', async () => {
      await partitioned({ every: '1 month' });
      await create('2026-01-10 00:00+00');
      await current().execute(`DROP TABLE public.events_p20260201`);
      expect(await plan('2026-01-20 00:00+00')).toEqual(['create events_p20260201 2026-02-01 00:00:00+00 2026-03-01 00:00:00+00']);
      expect(await create('2026-05-10 00:00+00')).toEqual([
        // What the present needs comes first.
        'public.events_p20260501',
        'public.events_p20260601',
        'public.events_p20260701',
        'public.events_p20260201',
        'public.events_p20260401',
      ]);
    });

    it('after a long stop fills what is still kept and retires what is not', async () => {
      await partitioned({ every: '1 month', premake: 0, retain: '3 months' });
      for (const month of ['01', '02', '03']) await create(`2026-${month}-10 00:00+00`);
      expect(await plan('2026-06-15 00:00+00')).toEqual([
        'create events_p20260401 2026-04-01 00:00:00+00 2026-05-01 00:00:00+00',
        'create events_p20260501 2026-05-01 00:00:00+00 2026-06-01 00:00:00+00',
        'create events_p20260601 2026-06-01 00:00:00+00 2026-07-01 00:00:00+00',
        'retire events_p20260101 2026-01-01 00:00:00+00 2026-02-01 00:00:00+00',
        'retire events_p20260201 2026-02-01 00:00:00+00 2026-03-01 00:00:00+00',
      ]);
      expect(await plan('2027-07-15 00:00+00')).toEqual([
        'create events_p20270701 2027-07-01 00:00:00+00 2027-08-01 00:00:00+00',
        ...['01', '02', '03'].map(
          (month) => `retire events_p2026${month}01 2026-${month}-01 00:00:00+00 2026-0${Number(month) + 1}-01 00:00:00+00`,
        ),
      ]);
    });

    it('retires by the real upper bound, on the day and not before', async () => {
      await partitioned({ every: '1 month', premake: 0, retain: '1 month' });
      await create('2026-01-10 00:00+00');
      const retired = async (at: string): Promise<readonly string[]> => (await plan(at)).filter((line) => line.startsWith('retire'));
      expect(await retired('2026-02-28 23:59:59+00')).toEqual([]);
      expect(await retired('2026-03-01 00:00+00')).toEqual(['retire events_p20260101 2026-01-01 00:00:00+00 2026-02-01 00:00:00+00']);
    });

    it('takes a new interval from the end of the last partition on, with a short one up to the grid', async () => {
      await partitioned({ every: '1 month', premake: 1 });
      await create('2026-09-10 00:00+00');
      await current().execute(`UPDATE schemac.partition_rule SET every = '1 week'`);
      expect(await plan('2026-10-30 00:00+00')).toEqual([
        // 2026-11-01 is a Sunday.
        'create events_p20261101 2026-11-01 00:00:00+00 2026-11-02 00:00:00+00',
        'create events_p20261102 2026-11-02 00:00:00+00 2026-11-09 00:00:00+00',
      ]);
      await current().execute(`UPDATE schemac.partition_rule SET every = '3 months'`);
      expect(await plan('2026-10-30 00:00+00')).toEqual([
        'create events_p20261101 2026-11-01 00:00:00+00 2027-01-01 00:00:00+00',
        'create events_p20270101 2027-01-01 00:00:00+00 2027-04-01 00:00:00+00',
      ]);
    });

    it('knows partitions by their bounds: an old table from the beginning of time, a default, names of others', async () => {
      await partitioned({ every: '1 month', premake: 0 });
      await current().execute(`
      CREATE TABLE public.events_p20300101 PARTITION OF public.events FOR VALUES FROM (MINVALUE) TO ('2026-06-20 00:00+00');
      CREATE TABLE public.rest PARTITION OF public.events DEFAULT;
      CREATE TABLE public.events_p20260620 ()`);
      expect(await plan('2026-06-21 00:00+00')).toEqual(['create events_p20260620_2 2026-06-20 00:00:00+00 2026-07-01 00:00:00+00']);
    });

    it('cuts the parent out of a name of more than 63 bytes, between characters', async () => {
      const table = 'ä'.repeat(31);
      await partitioned({ every: '1 month', premake: 0, table });
      expect(await create('2026-07-15 00:00+00', table)).toEqual([`public."${'ä'.repeat(26)}_p20260701"`]);
      expect(await plan('2026-07-15 00:00+00', table)).toEqual([]);
    });

    it('names the hour where a partition does not begin at midnight in UTC', async () => {
      await partitioned({ every: '1 day', premake: 0, zone: 'Europe/Berlin' });
      await partitioned({ every: '6 hours', premake: 0, table: 'hours' });
      expect(await create('2026-07-15 12:00+00')).toEqual(['public."events_p20260714T2200"']);
      expect(await create('2026-07-15 03:00+00', 'hours')).toEqual(['public."hours_p20260715T0000"']);
    });

    it('reads a key without a zone as the wall clock of the rule', async () => {
      await partitioned({ type: 'timestamp', every: '1 hour', premake: 4, zone: 'Europe/Berlin' });
      // 00:30 in Berlin, on the night in which 02:00 comes twice.
      await create('2026-10-24 22:30+00');
      const bounds = await current().query(`SELECT bound FROM schemac.partition_list('public.events')`);
      expect(bounds[0]).toEqual({ bound: `FOR VALUES FROM ('2026-10-25 00:00:00') TO ('2026-10-25 01:00:00')` });
      expect(bounds).toHaveLength(5);
      await partitioned({ type: 'date', every: '1 day', premake: 0, zone: 'Europe/Berlin', table: 'dates' });
      await create('2026-10-24 22:30+00', 'dates');
      expect(await current().query(`SELECT bound FROM schemac.partition_list('public.dates')`)).toEqual([
        { bound: `FOR VALUES FROM ('2026-10-25') TO ('2026-10-26')` },
      ]);
    });

    it('refuses what it cannot do', async () => {
      await expect(plan('2026-01-01', 'nobody')).rejects.toThrow(/relation "public.nobody" does not exist/);
      await current().execute(`CREATE TABLE public.plain (at timestamptz)`);
      await expect(plan('2026-01-01', 'plain')).rejects.toThrow(/there is no partition rule for public.plain/);
      await partitioned({ type: 'date', every: '1 hour' });
      await expect(plan('2026-01-01')).rejects.toThrow(/cannot be 01:00:00 long/);
      await partitioned({ type: 'bigint', every: '1 day', table: 'numbers' });
      await expect(plan('2026-01-01', 'numbers')).rejects.toThrow(/a range key of one date or timestamp column/);
      await partitioned({ every: '1 minute', premake: 0, table: 'many' });
      await create('2026-01-01 00:00+00', 'many');
      await expect(create('2026-01-03 00:00+00', 'many')).rejects.toThrow(/more than 1000 partitions/);
    });
  });

  describe('the partitions', () => {
    beforeAll(install);

    it('have the indexes, defaults and settings of the rule, and take rows', async () => {
      await partitioned({ every: '1 month', template: '{"fillfactor": "90", "toast.autovacuum_enabled": "false"}' });
      await create('2026-07-15 00:00+00');
      await current().execute(`INSERT INTO public.events (id, at) VALUES (1, '2026-07-31 23:59:59.999999+00'), (2, '2026-08-01 00:00+00')`);
      expect(await current().query(`SELECT tableoid::regclass AS partition, body FROM public.events ORDER BY id`)).toEqual([
        { partition: 'public.events_p20260701', body: 'none' },
        { partition: 'public.events_p20260801', body: 'none' },
      ]);
      const [row] = await current().query(`
      SELECT c.reloptions, t.reloptions AS toast,
        (SELECT count(*) FROM pg_index x JOIN pg_inherits i ON i.inhrelid = x.indexrelid WHERE x.indrelid = c.oid AND x.indisvalid) AS indexes,
        (SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid) AS all_indexes
      FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = 'public.events_p20260701'::regclass`);
      expect(row).toEqual({ reloptions: '{fillfactor=90}', toast: '{autovacuum_enabled=false}', indexes: '2', all_indexes: '2' });
    });

    it('take the identity of the table and not one of their own', async () => {
      await current().execute(`
      CREATE TABLE public.numbered (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, twice bigint GENERATED ALWAYS AS (2) STORED, CHECK (id > 0)) PARTITION BY RANGE (at);
      INSERT INTO schemac.partition_rule VALUES ('public.numbered', 'at', '1 month', 1, NULL, 'keep', NULL, NULL, 'UTC')`);
      await create('2026-07-15 00:00+00', 'numbered');
      await current().execute(`INSERT INTO public.numbered (at) VALUES ('2026-07-02+00'), ('2026-08-02+00')`);
      expect(await current().query(`SELECT id, twice FROM public.numbered ORDER BY id`)).toEqual([
        { id: '1', twice: '2' },
        { id: '2', twice: '2' },
      ]);
    });

    it('are logged', async () => {
      await partitioned({ every: '1 month', premake: 0 });
      await create('2026-07-15 00:00+00');
      expect(await current().query(`SELECT parent, relation, action, lower, upper FROM schemac.partition_log`)).toEqual([
        {
          parent: 'public.events',
          relation: 'public.events_p20260701',
          action: 'created',
          lower: '2026-07-01 00:00:00+00',
          upper: '2026-08-01 00:00:00+00',
        },
      ]);
    });
  });
});
