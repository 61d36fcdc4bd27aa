/**
 * vitest's global set-up: the one process of a run that owns servers. Test workers ask it over HTTP
 * on the loopback interface; it starts at most one server of each major version, when first asked,
 * and stops them all at the end. A run that asks for none starts none.
 */
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { chooseServer, givenMajor, type ChosenServer } from './server-providers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly schemacServerBroker: string;
    /** The major versions that this run tests, ascending. */
    readonly schemacTestMajors: readonly number[];
  }
}

/** What the broker answers. */
export type BrokerAnswer = { readonly url: string; readonly description: string } | { readonly error: string };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<number, Promise<ChosenServer>>();
  const broker = createServer((request, response) => {
    const major = Number(new URL(request.url ?? '/', 'http://broker').searchParams.get('major'));
    const server = servers.get(major) ?? announced(chooseServer(major));
    servers.set(major, server);
    void answer(server).then((text) => response.setHeader('content-type', 'application/json').end(JSON.stringify(text)));
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  broker.unref();
  const bound = broker.address();
  if (bound === null || typeof bound === 'string') throw new Error('the broker of test servers has no port');
  project.provide('schemacServerBroker', `http://127.0.0.1:${bound.port}`);
  project.provide('schemacTestMajors', await testMajors());
  return async () => {
    broker.close();
    broker.closeAllConnections();
    for (const outcome of await Promise.allSettled(servers.values())) {
      if (outcome.status === 'fulfilled') await outcome.value.stop();
    }
  };
}

/** The given server's major, or those of SCHEMAC_TEST_MAJORS, or the newest. */
async function testMajors(): Promise<readonly number[]> {
  const given = await givenMajor();
  if (given !== undefined) return [given];
  const listed = (process.env['SCHEMAC_TEST_MAJORS'] ?? '18').split(',').map((text) => Number(text.trim()));
  const wrong = listed.find((major) => !Number.isInteger(major) || major < 14 || major > 18);
  if (wrong !== undefined) throw new Error('SCHEMAC_TEST_MAJORS is a list such as 14,18, of majors from 14 to 18');
  return [...new Set(listed)].sort((left, right) => left - right);
}

async function announced(server: Promise<ChosenServer>): Promise<ChosenServer> {
  const { description, reasons } = await server;
  const why = reasons.length === 0 ? '' : ` (${reasons.map((reason) => reason.replaceAll('\n', ' ')).join('; ')})`;
  console.log(`tests use ${description}${why}`);
  return server;
}

async function answer(server: Promise<ChosenServer>): Promise<BrokerAnswer> {
  try {
    const { url, description } = await server;
    return { url, description };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
