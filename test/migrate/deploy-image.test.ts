/**
 * What a deploy image needs: generated/, the bin with what was built, the driver, and the two small
 * packages of the command line. Everything else is left out here, and the verbs must work without.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
let server: TestServer;
let image: string;

/** A package and what it depends on, by name. */
async function withDependencies(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const queue = names.map((name) => ({ name, from: join(root, 'package.json') }));
  for (const { name, from } of queue) {
    if (found.has(name)) continue;
    const paths = createRequire(from).resolve.paths(name) ?? [];
    const folders = await Promise.all(
      paths.map(async (path) => ((await readdir(join(path, name)).catch(() => [])).length > 0 ? join(path, name) : '')),
    );
    const folder = folders.find((path) => path !== '') ?? '';
    found.set(name, folder);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { dependencies?: object };
    queue.push(...Object.keys(dependencies).map((dependency) => ({ name: dependency, from: join(folder, 'package.json') })));
  }
  return found;
}

beforeAll(async () => {
  server = await startServer(newestMajor);
  await run(process.execPath, [join(root, 'compiler', 'build.mjs')]);
  image = await mkdtemp(join(tmpdir(), 'schemac-image-'));
  for (const part of ['dist', 'generated', 'package.json']) await cp(join(root, part), join(image, part), { recursive: true });
  await mkdir(join(image, 'compiler'));
  await cp(join(root, 'compiler', 'bin.mjs'), join(image, 'compiler', 'bin.mjs'));
  for (const [name, folder] of await withDependencies(['pg', 'commander', 'picocolors'])) {
    await mkdir(dirname(join(image, 'node_modules', name)), { recursive: true });
    await symlink(folder, join(image, 'node_modules', name), 'dir');
  }
});
afterAll(async () => {
  await server.stop();
  await rm(image, { recursive: true, force: true });
});

it('migrate, status and partitions run without PGlite, esbuild, TypeScript, zod and the parser', async () => {
  const kept = await readdir(join(image, 'node_modules'));
  expect(kept.filter((name) => /pglite|electric|esbuild|typescript|zod|libpg/.test(name))).toEqual([]);
  const url = await server.createDatabase();
  await withClient(url, (client) => client.query('CREATE TABLE public.users (id bigint PRIMARY KEY)'));
  const verb = async (...words: readonly string[]): Promise<string> => {
    // Preserved links: a package finds the packages of the image, not those beside its real folder.
    const flags = ['--preserve-symlinks', '--preserve-symlinks-main', join(image, 'compiler', 'bin.mjs')];
    const { stdout } = await run(process.execPath, [...flags, ...words], { cwd: image, env: { ...process.env, DATABASE_URL: url } });
    return stdout;
  };
  expect(await verb('migrate')).toMatch(/^applied 0001_[\s\S]* 0 left\n$/);
  expect(await verb('migrate')).toMatch(/^nothing to do: /);
  expect(await verb('status')).toContain('0 pending');
  expect(await verb('migrate', '--dry-run')).toContain('nothing to do');
  expect(await verb('partitions', 'apply')).toContain('analyzed');
  expect(await verb('partitions', 'plan')).toContain('nothing to do');
  expect(await verb('partitions', 'check')).toContain('rows have a place until');
});
