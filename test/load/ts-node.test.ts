/**
 * The ts-node loader gives what the bundle gives. It runs in a process of its own, as it does for a
 * user: Node's module hooks cannot be registered for this test's process alone.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './project.ts';

const run = promisify(execFile);

const files = {
  'package.json': '{ "name": "shop", "type": "module" }',
  'tsconfig.json':
    '{ "compilerOptions": { "module": "nodenext", "target": "es2022", "allowImportingTsExtensions": true, "noEmit": true } }',
  'schema/a.ts': `import { table, bigint, text, references, sql } from 'schemac';
import type { AnyTable } from 'schemac';
import { b } from './b.ts';

interface Unused {
  readonly field: string;
}

export const a = table('a', {
  doc: 'A.' satisfies string,
  columns: {
    id: bigint({ identity: 'always' }),
    b_id: references((): AnyTable => b, 'id', { nullable: true, doc: 'B.' }),
    mail: text({ default: 'raw' as never }),
  },
  primaryKey: ['id'],
});
export const unused: Unused = { field: '' };`,
  'schema/b.ts': `import { table, bigint, references } from 'schemac';
import { a } from './a.ts';
export const b = table('b', { columns: { id: bigint(), a_id: references(() => a, 'id') }, primaryKey: ['id'] });`,
  // Prints everything, places included.
  'print.mjs': `import { load } from 'schemac/load';
const schema = await load({ root: process.cwd(), folder: 'schema', loader: process.argv[2] }).catch((error) => ({ annotations: [], diagnostics: error.diagnostics ?? String(error.stack) }));
console.log(JSON.stringify({ ...schema, annotations: [...schema.annotations] }));`,
  'node_modules/schemac/package.json': `{ "name": "schemac", "type": "module", "exports": { ".": "./dsl.js", "./load": "./load.js" } }`,
};

let root: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'schemac ts-node ')));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const entry = (path: string): string => join(repository, 'compiler', path);
  await build({
    entryPoints: { dsl: entry('dsl/index.ts'), load: entry('load/load.ts') },
    outdir: join(root, 'node_modules/schemac'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  for (const name of ['esbuild', 'ts-node', 'typescript', '@types']) {
    await symlink(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function loaded(loader: string): Promise<{ readonly [key: string]: unknown }> {
  const { stdout } = await run(process.execPath, ['print.mjs', loader], { cwd: root, timeout: 60_000 });
  return JSON.parse(stdout) as { readonly [key: string]: unknown };
}

test('both loaders give the same schema, places and diagnostics included', async () => {
  const [bundle, tsNode] = [await loaded('esbuild'), await loaded('ts-node')];
  expect(bundle['diagnostics']).toMatchObject([{ code: 'raw-string-in-sql', place: { file: 'schema/a.ts', line: 14, column: 18 } }]);
  expect(bundle['objects']).toHaveLength(14);
  // Only a bundler knows every file that was read.
  const { sources, ...schema } = bundle;
  expect(sources).toEqual(['schema/a.ts', 'schema/b.ts']);
  expect(tsNode).toEqual(schema);
});

test('both loaders say where a file throws', async () => {
  await writeFile(
    join(root, 'schema/c.ts'),
    `interface Unused {\n  x: string;\n}\nconst nothing = undefined as unknown as Unused;\nexport const x = nothing.x;`,
  );
  const [bundle, tsNode] = [await loaded('esbuild'), await loaded('ts-node')];
  await rm(join(root, 'schema/c.ts'));
  expect(bundle['diagnostics']).toMatchObject([{ code: 'module-throws', place: { file: 'schema/c.ts', line: 5 } }]);
  expect(tsNode['diagnostics']).toMatchObject([{ code: 'module-throws', place: { file: 'schema/c.ts', line: 5 } }]);
});

test('a circle of imports that Node refuses is explained', async () => {
  await writeFile(join(root, 'schema/c.ts'), `import { d } from './d.ts';\nexport const c = d;`);
  await writeFile(join(root, 'schema/d.ts'), `import { c } from './c.ts';\nexport const d = c;`);
  const { diagnostics } = await loaded('ts-node');
  await Promise.all(['c', 'd'].map((name) => rm(join(root, `schema/${name}.ts`))));
  expect(diagnostics).toMatchObject([{ code: 'import-circle', place: { file: 'schema/d.ts', line: 2 } }]);
  expect((diagnostics as { message: string }[])[0]?.message).toContain('schema/d.ts -> schema/c.ts -> schema/d.ts');
});
