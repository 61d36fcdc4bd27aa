/**
 * Backfills that the runner goes through batch by batch: the same rows as psql makes of the file, each
 * row once, also when the run was killed; short locks; and making way for replicas and old transactions.
 */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveLine } from '../../compiler/cli/live-line.ts';
import { backfillText, batchSize } from '../../compiler/migrate/batch-pace.ts';
import { lagOf } from '../../compiler/migrate/make-way.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { MigrateOptions, MigrateResult } from '../../compiler/migrate/migrate.ts';
import { batchedUpdate } from '../../compiler/sql/batched-update.ts';
import { splitScript } from '../../compiler/sql/script.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { bundleRunner, startRunner, until } from './child.ts';
import type { Bundle } from './child.ts';
import { query } from './observe.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';
import { startProxy } from './proxy.ts';

const fill = batchedUpdate({ table: 'public.digests', set: `locale = 'en'`, where: 'locale IS NULL' });

/** `before` has been applied when rows come in; the backfill is the second migration. */
function migrationsWith(before: string, block: string, settings = ''): { readonly [name: string]: string } {
  return {
    '0001_digests': before,
    '0002_fill': `${settings}-- step 1 backfill: Give every row its locale.\n-- batches: table public.digests\n${block};\n`,
  };
}

/** Counts how often a row is updated. */
const counting = `CREATE FUNCTION public.count_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.times := OLD.times + 1; RETURN NEW; END $$;
CREATE TRIGGER counting BEFORE UPDATE ON public.digests FOR EACH ROW EXECUTE FUNCTION public.count_update();`;
const columns = `id int, subject text, locale text, times int NOT NULL DEFAULT 0`;
const plain = `CREATE TABLE public.digests (${columns});\n${counting}`;
const shapes = {
  'a plain table': plain,
  'partitions in two levels, one with a name to quote': `CREATE TABLE public.digests (${columns}) PARTITION BY RANGE (id);
CREATE TABLE public."first half" PARTITION OF public.digests FOR VALUES FROM (0) TO (3000);
CREATE TABLE public.second PARTITION OF public.digests FOR VALUES FROM (3000) TO (9000) PARTITION BY RANGE (id);
CREATE TABLE public.second_a PARTITION OF public.second FOR VALUES FROM (3000) TO (3100);
CREATE TABLE public.second_b PARTITION OF public.second FOR VALUES FROM (3100) TO (9000);
${counting}`,
} as const;

/** So that the first batches end long before the table does. */
const rows = `INSERT INTO public.digests SELECT n, repeat('x', 300) FROM generate_series(1, 6000) n`;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleRunner();
});
afterAll(() => bundle.remove());

describe.each(testMajors)('PostgreSQL %d', (major) => {
  let server: TestServer;
  let project: TestProject;
  let url: string;
  let client: Client;
  let said: string[];
  let ticks: string[];

  beforeAll(async () => {
    server = await startServer(major);
    project = await createProject({});
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    [said, ticks] = [[], []];
    client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
  });
  afterEach(() => client.end());

  function run(more: Partial<MigrateOptions> = {}): Promise<MigrateResult> {
    const limits = { throttle: 0, ...more.limits };
    return migrate({
      generated: project.generated,
      url,
      report: (line) => said.push(line),
      tick: (line) => ticks.push(line),
      ...more,
      limits,
    });
  }

  async function prepare(migrations: { readonly [name: string]: string }): Promise<void> {
    await project.write(migrations);
    expect((await run({ to: 1 })).diagnostics).toEqual([]);
    await client.query(rows);
  }

  /** How often rows were updated, and how many: each once, and none left. */
  const updates = (): Promise<readonly unknown[]> =>
    query(client, 'SELECT times, locale, count(*)::int FROM public.digests GROUP BY 1, 2 ORDER BY 1, 2');

  it.each(Object.entries(shapes))('of %s updates each row once, and tells how far it is', async (_, shape) => {
    await prepare(migrationsWith(shape, fill));
    expect(await run()).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(await updates()).toEqual([[1, 'en', 6000]]);
    expect(ticks.length).toBeGreaterThan(4);
    expect(ticks[1]).toMatch(/^0002_fill step 1: \d+%, about \d+ s left, [\d,]+ rows of public\.digests$/);
    expect(ticks.at(-1)).toBe('');
    expect(said).toContainEqual(expect.stringMatching(/^0002_fill step 1: 6,000 rows of public\.digests in \d+ s$/));
  });

  it.each(Object.entries(shapes))('of %s is the same block that psql runs as a whole', async (_, shape) => {
    await prepare(migrationsWith(shape, fill));
    await client.query(fill);
    expect(await updates()).toEqual([[1, 'en', 6000]]);
  });

  it('of a column that may stay null leaves rows alone for which there is no value', async () => {
    const block = batchedUpdate({
      table: 'public.digests',
      set: 'locale = nullif(id % 2, 0)::text',
      where: 'locale IS NULL AND (nullif(id % 2, 0)::text) IS NOT NULL',
    });
    await prepare(migrationsWith(plain, block));
    expect((await run()).diagnostics).toEqual([]);
    const expected = [
      [0, null, 3000],
      [1, '1', 3000],
    ];
    expect(await updates()).toEqual(expected);
    await client.query(
      'UPDATE public.digests SET locale = NULL; ALTER TABLE public.digests DISABLE TRIGGER USER; UPDATE public.digests SET times = 0; ALTER TABLE public.digests ENABLE TRIGGER USER',
    );
    await client.query(block);
    expect(await updates()).toEqual(expected);
  });

  it('killed in the middle goes on where it stopped', async () => {
    await prepare(migrationsWith(plain, fill));
    const killed = startRunner(bundle, { generated: project.generated, url, throttle: '20' });
    await until(() => (killed.printed().match(/% ?, about/g) ?? []).length >= 2);
    killed.kill('SIGKILL');
    await killed.ended;
    const [half] = (await query(client, 'SELECT count(locale)::int, max(id) FILTER (WHERE locale IS NOT NULL) FROM public.digests')) as [
      readonly [number, number],
    ];
    expect(half[0]).toBeGreaterThan(0);
    expect(half[0]).toBeLessThan(6000);
    expect(await run()).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    const told = said.find((line) => line.includes('goes on behind public.digests, page'));
    expect(told).toContain(`${half[0].toLocaleString('en-US')} rows were done before`);
    expect(await updates()).toEqual([[1, 'en', 6000]]);
  });

  it.each(['before the server has it', 'after the server did it'] as const)(
    'a connection lost in a batch, %s: what was done is found out, and no row is met twice',
    async (when) => {
      await prepare(migrationsWith(plain, fill));
      const proxy = await startProxy(url, { message: /schemac\.batch'[\s\S]*'page', (?!16,)\d/, when });
      expect(await run({ url: proxy.url })).toMatchObject({ applied: ['0002_fill'], pending: [], diagnostics: [] });
      await proxy.stop();
      expect(proxy.broken()).toBe(1);
      expect(said).toContainEqual(expect.stringContaining('connecting again to find out what was done'));
      expect(said).toContainEqual(expect.stringContaining('goes on behind public.digests, page'));
      expect(await updates()).toEqual([[1, 'en', 6000]]);
    },
  );

  it('a full disk in the middle ends it where it is, and with room it goes on there', async () => {
    await prepare(migrationsWith(plain, fill));
    await client.query(`CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE UPDATE ON public.digests FOR EACH ROW WHEN (OLD.id = 3000) EXECUTE FUNCTION public.full()`);
    expect((await run({ verify: 'off' })).diagnostics).toMatchObject([
      { code: 'step-failed', message: expect.stringContaining('No space left on device [53100]') as string },
    ]);
    await client.query('DROP TRIGGER full_disk ON public.digests');
    expect(await run()).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringContaining('goes on behind public.digests, page'));
    expect(await updates()).toEqual([[1, 'en', 6000]]);
  });

  it('stopped by a signal keeps its place', async () => {
    await prepare(migrationsWith(plain, fill));
    const stop = new AbortController();
    const stopped = await run({
      signal: stop.signal,
      tick: (line) => {
        ticks.push(line);
        if (ticks.length === 2) stop.abort();
      },
    });
    expect(stopped.diagnostics).toMatchObject([{ code: 'interrupted' }]);
    expect(await run()).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringContaining('goes on behind public.digests, page'));
    expect(await updates()).toEqual([[1, 'en', 6000]]);
  });

  it('written anew after it was stopped begins anew', async () => {
    await prepare(migrationsWith(plain, fill));
    const stop = new AbortController();
    await run({ signal: stop.signal, tick: () => stop.abort() });
    const other = batchedUpdate({ table: 'public.digests', set: `locale = 'de'`, where: `locale IS DISTINCT FROM 'de'` });
    await project.write(migrationsWith(plain, other));
    expect(await run({ amended: 'accept' })).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(said.filter((line) => line.includes('goes on behind'))).toEqual([]);
    expect(await query(client, 'SELECT DISTINCT locale FROM public.digests')).toEqual([['de']]);
  });

  it('finds rows that were written behind it', async () => {
    await prepare(migrationsWith(plain, fill));
    let written = false;
    const result = await run({
      tick: (line) => {
        ticks.push(line);
        if (written) return;
        written = true;
        void client.query(`INSERT INTO public.digests SELECT n, repeat('y', 300) FROM generate_series(6001, 6500) n`);
      },
      limits: { throttle: 3 },
    });
    expect(result.diagnostics).toEqual([]);
    expect(ticks).toContainEqual(expect.stringMatching(/looks for rows left, 100%, 6,500 rows of public\.digests$/));
    expect(await updates()).toEqual([[1, 'en', 6500]]);
  });

  it('does not wait long for rows that somebody holds, and goes on when they are free', async () => {
    await prepare(migrationsWith(plain, fill));
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query(`BEGIN; UPDATE public.digests SET subject = 'mine' WHERE id = 1000`);
    const running = run();
    await until(() => said.some((line) => /step 1: canceling statement due to lock timeout; try 2 in/.test(line)));
    expect(said).toContainEqual(expect.stringMatching(/^0002_fill step 1 waits for session \d+/));
    await other.query('COMMIT');
    expect(await running).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(await query(client, 'SELECT DISTINCT locale FROM public.digests')).toEqual([['en']]);
    await other.end();
  });

  it('fails on a row, says so, and goes on behind what is done when the row is mended', async () => {
    const block = batchedUpdate({ table: 'public.digests', set: 'locale = (6000 / (id - 3000))::text', where: 'locale IS NULL' });
    await prepare(migrationsWith(plain, block));
    const failed = await run();
    expect(failed.diagnostics).toMatchObject([
      { code: 'step-failed', message: expect.stringMatching(/division by zero \[22012\][\s\S]*What it did before is committed/) as string },
    ]);
    await client.query('DELETE FROM public.digests WHERE id = 3000');
    expect(await run()).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringContaining('goes on behind public.digests, page'));
    expect(await query(client, 'SELECT times, count(*)::int FROM public.digests GROUP BY 1')).toEqual([[1, 5999]]);
  });

  it('pauses while a transaction is old, and says whose it is', async () => {
    await prepare(migrationsWith(plain, fill));
    const other = new Client({ connectionString: url, application_name: 'report' });
    await other.connect();
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM public.digests LIMIT 1');
    const running = run({ limits: { maxTransactionAge: 1 } });
    await until(() => ticks.some((line) => line.includes('paused for')));
    expect(said).toContainEqual(
      expect.stringMatching(
        /^0002_fill step 1: pauses, since the transaction of session \d+ \(report, user postgres, idle in transaction\) is \d+ s old, .*--max-transaction-age/,
      ),
    );
    await other.query('COMMIT');
    expect(await running).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(said).toContainEqual(expect.stringMatching(/^0002_fill step 1: goes on after \d+ s$/));
    expect(await updates()).toEqual([[1, 'en', 6000]]);
    await other.end();
  });

  it('pauses while a replica stands still, and goes on when it has caught up', async () => {
    await prepare(migrationsWith(plain, fill));
    const replica = await startReplica(server.url);
    const running = run({ limits: { maxReplicationLag: 200, throttle: 50 } });
    await until(() => said.some((line) => line.includes('pauses, since the replica standstill')));
    expect(said).toContainEqual(expect.stringMatching(/is \d+ s behind \(--max-replication-lag 0\.2\)$/));
    await replica.catchUp();
    expect(await running).toMatchObject({ applied: ['0002_fill'], diagnostics: [] });
    expect(await updates()).toEqual([[1, 'en', 6000]]);
    await replica.stop();
  });

  it('runs under the role and the settings of its file, and records as the role that connected', async () => {
    await client.query('DROP ROLE IF EXISTS schemac_test_filler; CREATE ROLE schemac_test_filler');
    await prepare(
      migrationsWith(
        `${plain}\nALTER TABLE public.digests OWNER TO schemac_test_filler;`,
        batchedUpdate({ table: 'public.digests', set: `locale = current_user || current_setting('app.word')`, where: 'locale IS NULL' }),
        `SET ROLE schemac_test_filler;\nSET app.word TO 'x';\n`,
      ),
    );
    expect((await run()).diagnostics).toEqual([]);
    expect(await updates()).toEqual([[1, 'schemac_test_fillerx', 6000]]);
    await client.query('DROP TABLE public.digests; DROP ROLE schemac_test_filler');
  });
});

/** A session that replicates as a standby does, and says that it has replayed something only when it is told to. */
async function startReplica(url: string): Promise<{ readonly catchUp: () => Promise<void>; readonly stop: () => Promise<void> }> {
  const options = { connectionString: url, application_name: 'standstill', replication: 'true' };
  const client = new Client(options);
  client.on('error', () => undefined);
  await client.connect();
  const [system] = (await client.query('IDENTIFY_SYSTEM')).rows as readonly { readonly xlogpos: string }[];
  const { connection } = client as unknown as {
    readonly connection: NodeJS.EventEmitter & { readonly sendCopyFromChunk: (chunk: Buffer) => void };
  };
  const started = new Promise<void>((resolve) => connection.once('replicationStart', () => resolve()));
  void client.query(`START_REPLICATION PHYSICAL ${system?.xlogpos ?? '0/0'}`).catch(() => undefined);
  await started;
  const [high = 0, low = 0] = (system?.xlogpos ?? '0/0').split('/').map((part) => Number.parseInt(part, 16));
  // Standby status update (manual §54.4): written, flushed and applied up to here.
  const reply = (position: bigint): void => {
    const message = Buffer.alloc(34);
    message.write('r');
    for (const place of [1, 9, 17]) message.writeBigUInt64BE(position, place);
    connection.sendCopyFromChunk(message);
  };
  reply((BigInt(high) << 32n) + BigInt(low));
  return {
    catchUp: () => {
      reply(2n ** 62n);
      return Promise.resolve();
    },
    stop: () => client.end(),
  };
}

it('is one statement, whatever quotes its expression has', () => {
  const block = batchedUpdate({ table: 'public."a;b"', set: `x = '$$' || $body0$;$body0$`, where: `"x" IS NULL` });
  expect(splitScript(`${block};`, 'a.sql')).toHaveLength(1);
});

describe('how it goes', () => {
  it('a replica is as late as it says, or as what it lacks is old; one that has everything is not late', () => {
    const marks = [
      { at: 1_000, position: 100 },
      { at: 2_000, position: 200 },
    ];
    expect(lagOf(0, 50, marks, 5_000)).toBe(4_000);
    expect(lagOf(0, 100, marks, 5_000)).toBe(3_000);
    expect(lagOf(9_000, 150, marks, 5_000)).toBe(9_000);
    expect(lagOf(9_000, 200, marks, 5_000)).toBe(0);
  });

  it('batches follow the time that they take, and never leap', () => {
    const size = batchSize();
    const first = size.pages();
    size.took(first, 1, 'told');
    expect(size.pages()).toBe(2 * first);
    size.took(1, 1, 'told');
    expect(size.pages()).toBe(2 * first);
    for (let round = 0; round < 20; round += 1) size.took(size.pages(), 1, 'told');
    expect(size.pages()).toBe(1024);
    size.took(1024, 200, 'told');
    expect(size.pages()).toBe(512);
    size.took(512, 60_000, 'told');
    expect(size.pages()).toBe(128);
    size.failed(100);
    expect(size.pages()).toBe(25);
    for (let round = 0; round < 20; round += 1) size.failed(size.pages());
    expect(size.pages()).toBe(1);
    // Pages that another backfill emptied are read in no time; those behind them hold its rows.
    for (let round = 0; round < 20; round += 1) size.took(size.pages(), 1, 'untold');
    expect(size.pages()).toBe(64);
  });

  it('the estimate is of the pages that are left, at the pace of this run', () => {
    const state = {
      table: 'public.a',
      round: 1,
      pages: { done: 600, total: 1000 },
      rows: 1234567,
      pace: { pages: 100, milliseconds: 30_000 },
    };
    expect(backfillText(state)).toBe('60%, about 2 min 0 s left, 1,234,567 rows of public.a');
    expect(backfillText({ ...state, pace: { pages: 1, milliseconds: 60_000 } })).toContain('about 6 h 40 min left');
    expect(backfillText({ ...state, pages: { done: 0, total: 0 } })).toBe('100%, 1,234,567 rows of public.a');
  });

  it('on a terminal is one line that is written over, elsewhere a line every ten seconds', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const written: string[] = [];
    const terminal = liveLine({ isTerminal: true, columns: 12, write: (text) => written.push(text) });
    terminal.tick('10% of public.a');
    terminal.tick('11% of public.a');
    vi.advanceTimersByTime(100);
    terminal.tick('12% of public.a');
    terminal.report('waits');
    terminal.tick('');
    terminal.report('done');
    expect(written).toEqual(['10% of publ', '\r\u001b[K12% of publ', '\r\u001b[Kwaits\n12% of publ', '\r\u001b[K', 'done\n']);
    written.length = 0;
    const log = liveLine({ isTerminal: false, columns: 80, write: (text) => written.push(text) });
    log.tick('1%');
    vi.advanceTimersByTime(10_000);
    log.tick('2%');
    log.tick('3%');
    log.report('done');
    log.tick('');
    expect(written.filter((text) => text !== '')).toEqual(['2%\n', 'done\n']);
    vi.useRealTimers();
  });
});
