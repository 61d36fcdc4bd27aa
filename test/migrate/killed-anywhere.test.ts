/**
 * The runner is killed at every message that it sends: before the server has it, while the server
 * works on it, and after the answer, before the runner has that; and once more with a crash of the
 * server in the midst of each. Running it again ends in the same objects and rows as a run that nobody disturbed.
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { status } from '../../compiler/migrate/status.ts';
import { createDatabase, dropDatabase, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import type { RunningServer } from '../support/server-providers.ts';
import { testMajors, withServer, type Major } from '../support/servers.ts';
import { bundleRunner, startRunner, until } from './child.ts';
import type { Bundle } from './child.ts';
import { describeDatabase, query } from './observe.ts';
import { exchangeMigrations } from './planned.ts';
import { createProject, usual } from './project.ts';
import type { TestProject } from './project.ts';

type Migrations = { readonly [name: string]: string };

const moments = ['before the server has it', 'while the server works on it', 'before the runner has the answer'] as const;
type Moment = (typeof moments)[number];

interface Counter {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Whether a piece of what a client sends is a query (manual §54.7, Query). */
function isQuery(data: Buffer): boolean {
  return data[0] === 0x51;
}

/** A relay that calls `reached` when the message of that number comes, at the given moment of it. */
async function relayTo(url: string, number: number, moment: Moment, reached: () => void): Promise<Counter> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let messages = 0;
  let isOver = false;
  const relay = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    let awaited = false;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    const end = (): void => {
      isOver = true;
      reached();
    };
    client.on('data', (data) => {
      if (isOver) return;
      if (isQuery(data)) messages += 1;
      const isIt = isQuery(data) && messages === number;
      if (isIt && moment === 'before the server has it') return end();
      server.write(data);
      if (isIt && moment === 'while the server works on it') end();
      awaited ||= isIt;
    });
    server.on('data', (data) => {
      if (isOver) return;
      if (awaited && moment === 'before the runner has the answer') return end();
      client.write(data);
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((relay.address() as AddressInfo).port);
  return {
    url: through.href,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}

/** One session is ended as the kernel would: the server ends all others and recovers (restart_after_crash). */
async function crash(server: RunningServer): Promise<void> {
  const [victim, witness] = [1, 2].map(() => new Client({ connectionString: server.url })) as [Client, Client];
  victim.on('error', () => undefined);
  // Who looks too early finds the server as it was: it has begun to recover when it ended another session.
  const noticed = new Promise<void>((resolve) => witness.on('error', () => resolve()));
  await Promise.all([victim.connect(), witness.connect()]);
  const [pid] = (await query(victim, 'SELECT pg_backend_pid()')).flat() as number[];
  process.kill(pid ?? Number.NaN, 'SIGKILL');
  await noticed;
  await until(() =>
    withClient(server.url, (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    ),
  );
}

/** What is killed: migrations, how the first one's tables are filled, and what must be there in the end. */
const sets = [
  {
    what: 'every kind of step',
    migrations: () => Promise.resolve<Migrations>(usual),
    fill: `INSERT INTO public.digests (subject) SELECT 'subject ' || n FROM generate_series(1, 50) n`,
    rows: 'SELECT id, subject, locale FROM public.digests ORDER BY id',
  },
  {
    what: 'a column made beside another one',
    migrations: (major: Major) => withServer(major, exchangeMigrations),
    fill: `INSERT INTO public.digests (subject) SELECT 'subject ' || n FROM generate_series(1, 50) n;
      INSERT INTO public.sends (digest_id) SELECT id FROM public.digests`,
    rows: 'SELECT d.id, title, locale, s.id FROM public.digests d JOIN public.sends s ON digest_id = d.id ORDER BY d.id',
  },
] as const;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleRunner();
});
afterAll(() => bundle.remove());

const runs = testMajors.flatMap((major) => sets.map((set) => ({ major, ...set })));

describe.each(runs)('PostgreSQL $major, $what', ({ major, migrations, fill, rows }) => {
  let server: RunningServer;
  let project: TestProject;
  let expected: readonly unknown[];

  const fresh = async (name: string): Promise<string> => {
    const url = await createDatabase(server.url, name, major);
    expect((await migrate({ generated: project.generated, url, to: 1 })).diagnostics).toEqual([]);
    await withClient(url, (client) => client.query(fill));
    return url;
  };
  const seen = async (url: string): Promise<readonly unknown[]> => [
    await describeDatabase(url),
    await withClient(url, (client) => query(client, rows)),
    await withClient(url, (client) => query(client, `SELECT migration, step, state, cardinality(parts) FROM schemac.step ORDER BY 1, 2`)),
    await withClient(url, (client) => query(client, `SELECT address, fingerprint FROM schemac.object ORDER BY 1`)),
  ];

  beforeAll(async () => {
    [server, project] = await Promise.all([startEmbeddedServer(major), migrations(major).then(createProject)]);
    // A test server loses the last commits in a crash for the sake of speed; a real one does not.
    await withClient(server.url, (client) => client.query('ALTER ROLE postgres SET synchronous_commit = on'));
    const url = await fresh('undisturbed');
    expect((await migrate({ generated: project.generated, url })).diagnostics).toEqual([]);
    expected = await seen(url);
  });
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  const cases = [
    ...moments.map((moment) => [`killed ${moment}`, moment, 'the server goes on'] as const),
    ['killed, and the server crashes', 'while the server works on it', 'the server crashes'] as const,
  ];

  it.each(cases)(
    '%s, at every message',
    async (_, moment, how) => {
      let reachedEnd = false;
      let points = 0;
      for (let number = 1; !reachedEnd; number += 1) {
        const url = await fresh('killed');
        const child = { kill: (): void => undefined };
        const relay = await relayTo(url, number, moment, () => child.kill());
        const runner = startRunner(bundle, { generated: project.generated, url: relay.url });
        child.kill = () => runner.kill('SIGKILL');
        const { exitCode } = await runner.ended;
        reachedEnd = exitCode !== null;
        if (!reachedEnd) points += 1;
        if (!reachedEnd && how === 'the server crashes') await crash(server);
        await relay.stop();
        const again = await migrate({ generated: project.generated, url });
        expect(again, `message ${String(number)}`).toMatchObject({ pending: [], diagnostics: [] });
        expect(await status({ generated: project.generated, url })).toMatchObject({ pending: [], halfDone: [], diagnostics: [] });
        const found = await seen(url);
        expect(found.slice(0, 3), `message ${String(number)}`).toEqual(expected.slice(0, 3));
        await dropDatabase(server.url, 'killed');
      }
      expect(points).toBeGreaterThan(30);
    },
    1_800_000,
  );
});
