/**
 * A password is never printed, however it came and whatever goes wrong; and what the runner needs
 * to load is little.
 */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeUrl } from '../../compiler/migrate/describe-url.ts';
import { withClient } from '../support/database.ts';
import { startServer, testMajors } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { bundleRunner, startRunner } from './child.ts';
import type { Bundle } from './child.ts';
import { createProject } from './project.ts';
import type { TestProject } from './project.ts';

const password = 'Tr0ub4dor&3 /@:%';
const encoded = encodeURIComponent(password);
const role = 'schemac_test_secret';

let bundle: Bundle;
let server: TestServer;
let project: TestProject;
let url: URL;

beforeAll(async () => {
  [bundle, server, project] = await Promise.all([
    bundleRunner(),
    startServer(testMajors.at(-1) ?? 18),
    createProject({ '0001_a': 'CREATE TABLE a (id int);', '0002_b': 'SELECT 1/0;' }),
  ]);
  url = new URL(await server.createDatabase());
  await withClient(url.href, (client) => client.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`));
  url.username = role;
  url.password = encoded;
});
afterAll(async () => {
  await server.stop();
  await withClient(server.url, (client) => client.query(`DROP ROLE IF EXISTS ${role}`));
  await project.remove();
  await bundle.remove();
});

function changed(change: (copy: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

async function run(
  given: object,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly exitCode: number | null; readonly printed: string }> {
  return startRunner(bundle, { generated: project.generated, ...given }, environment).ended;
}

describe('the password', () => {
  it.each([
    ['works', () => url.href, 0],
    ['works, dry run', () => url.href, 0],
    ['is wrong', () => changed((copy) => (copy.password = `${encoded}x`)), 1],
    ['goes to a port where nobody listens', () => changed((copy) => (copy.port = '1')), 1],
    ['goes to a database that is not there', () => changed((copy) => (copy.pathname = '/nowhere')), 1],
    [
      'stands in a parameter',
      () =>
        changed((copy) => {
          copy.password = '';
          copy.searchParams.set('password', password);
        }),
      undefined,
    ],
    ['stands in a URL with a bad port', () => url.href.replace(/:(\d+)\//, ':no-port/'), 1],
    ['stands in a URL with a bad escape', () => url.href.replace(encoded, `${encoded}%`), 1],
    ['stands in a URL of another kind', () => url.href.replace(/^postgres(ql)?:/, 'mysql:'), undefined],
    ['stands in what is no URL', () => `host=127.0.0.1 password=${encoded}`, 1],
  ])('%s', async (what, makeUrl, expected) => {
    const { exitCode, printed } = await run({ url: makeUrl(), to: '1', dryRun: what.includes('dry') });
    if (expected !== undefined) expect(exitCode, printed).toBe(expected);
    expect(printed).not.toBe('');
    expect(printed).not.toContain('Tr0ub4dor');
  });

  it('is not shown when a step fails', async () => {
    const { exitCode, printed } = await run({ url: url.href });
    expect(exitCode).toBe(1);
    expect(printed).toContain('division by zero');
    expect(printed).not.toContain('Tr0ub4dor');
  });

  it.each(['DATABASE_URL', 'PGPASSWORD', '.pgpass'])('is taken from %s', async (source) => {
    const file = `${project.generated}/pgpass`;
    await writeFile(file, `*:*:*:${role}:${password.replaceAll(/([\\:])/g, '\\$1')}\n`, { mode: 0o600 });
    const parts = { PGHOST: url.hostname, PGPORT: url.port, PGUSER: role, PGDATABASE: url.pathname.slice(1) };
    const environments: { readonly [name: string]: NodeJS.ProcessEnv } = {
      DATABASE_URL: { DATABASE_URL: url.href },
      PGPASSWORD: { ...parts, PGPASSWORD: password },
      '.pgpass': { ...parts, PGPASSFILE: file },
    };
    const { exitCode, printed } = await run({ to: '1' }, { DATABASE_URL: undefined, ...environments[source] });
    expect(exitCode, printed).toBe(0);
    expect(printed).toContain(`${role}@${url.hostname}:${url.port}/`);
    expect(printed).not.toContain('Tr0ub4dor');
  });
});

describe('describeUrl', () => {
  it.each([
    ['postgres://u:p@h:5/d', 'u@h:5/d'],
    ['postgresql://h/d', 'h:5432/d'],
    ['postgres://u%40x:p@h/d%20e?password=p&sslmode=require', 'u@x@h:5432/d e'],
    ['postgres://:p@[::1]:5/d', '[::1]:5/d'],
    ['postgres://u:p@h:5', 'u@h:5/u'],
    ['host=h password=p', 'the given database'],
    ['mysql://u:p@h/d', 'the given database'],
  ])('%s', (text, expected) => {
    expect(describeUrl(text, {})).toBe(expected);
  });

  it("reads libpq's variables without a URL", () => {
    expect(describeUrl(undefined, { PGHOST: '/run/pg', PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'd' })).toBe('u@/run/pg:5432/d');
  });
});

it('nothing that compiles is loaded: the driver alone, and only to connect', () => {
  expect(bundle.packages).toEqual(['pg']);
  expect(bundle.inputs.filter((input) => /compiler\/(dsl|plan|prove|emit|load|lint|sources)\//.test(input))).toEqual([]);
});
