/**
 * The package as a user meets it: packed, installed into an empty project, begun with `init`, and used.
 * The tests go on from each other, as a user does. Without a registry they are skipped, with the reason.
 */
import { readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../load/project.ts';
import { installPackage, run, sizeOf, type Ended, type Installed } from './installed.ts';

let installed: Installed | { readonly unreachable: string };

beforeAll(async () => {
  installed = await installPackage();
  if ('unreachable' in installed) console.warn(`the package is not tested: ${installed.unreachable}`);
}, 180_000);
afterAll(async () => {
  if ('root' in installed) await installed.remove();
});
beforeEach((context) => {
  if ('unreachable' in installed) context.skip(installed.unreachable);
});

function project(): Installed {
  if ('unreachable' in installed) throw new Error('skipped tests have no project');
  return installed;
}
const schemac = (...parameters: readonly string[]): Promise<Ended> =>
  run('npx', ['--no-install', 'schemac', ...parameters], project().root);
const edit = async (path: string, from: string, to: string): Promise<void> => {
  const text = await readFile(join(project().root, path), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(project().root, path), text.replace(from, to));
};
const diagnosticsIn = ({ out }: Ended) => (JSON.parse(out) as { readonly diagnostics: readonly object[] }).diagnostics;

describe('the package', () => {
  it('holds what is needed to use it, and nothing else', () => {
    const { packed } = project();
    const allowed = /^(dist\/.+\.(js|js\.map|d\.ts|template)|docs\/.+|compiler\/bin\.mjs|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'compiler/bin.mjs',
        'dist/cli.js',
        'dist/api.js',
        'dist/types/api.d.ts',
        'dist/types/dsl/index.d.ts',
        'dist/types/dsl/zod.d.ts',
      ]),
    );
    expect(packed.filter((path) => /types\/(kinds|plan|prove|engine)\//.test(path))).toEqual([]);
  });

  it('and what it depends on stay under 90 MB', async () => {
    const modules = join(project().root, 'node_modules');
    const ofTypeScript = await Promise.all(['typescript', '@typescript'].map((name) => sizeOf(join(modules, name))));
    const megabytes = ((await sizeOf(modules)) - ofTypeScript.reduce((sum, size) => sum + size, 0)) / 1e6;
    console.log(`installed size of schemac and its dependencies: ${megabytes.toFixed(1)} MB`);
    expect(megabytes).toBeGreaterThan(1);
    expect(megabytes).toBeLessThan(90);
  });
});

describe('a new project', () => {
  it('begins with init, and compiles at once', async () => {
    expect(await schemac('init')).toMatchObject({ code: 0, errors: '' });
    const compiled = await schemac('compile', '--json');
    expect(compiled.code).toBe(0);
    expect(JSON.parse(compiled.out)).toMatchObject({ migration: '0001_initial_schema', diagnostics: [] });
    expect(await readdir(join(project().root, 'generated/migrations'))).toEqual(['0001_initial_schema.sql', 'migrations.lock']);
  });

  it('is current then', async () => {
    expect(await schemac('check')).toMatchObject({ code: 0, errors: '', out: expect.stringMatching(/^everything is current/) as string });
  });

  it('is not, once the schema is edited, until it is compiled again', async () => {
    await edit('schema/customers.ts', '// phone:', 'phone:');
    const stale = await schemac('check', '--json');
    expect(stale.code).toBe(2);
    expect(diagnosticsIn(stale)).toContainEqual(expect.objectContaining({ code: 'migration-pending' }));
    expect(await schemac('compile')).toMatchObject({ code: 0 });
    expect(await readFile(join(project().root, 'generated/migrations/0002_add_column_customers_phone.sql'), 'utf8')).toContain(
      'ALTER TABLE public.customers ADD COLUMN phone text;',
    );
    // By the script that init wrote.
    expect(await run('npm', ['run', '--silent', 'check'], project().root)).toMatchObject({ code: 0 });
  });
});

describe('types', () => {
  const usage = `
    import { newRowSchema, rowSchema } from 'schemac/zod';
    import { check, compile, migrate, status, type CompileResult } from 'schemac/api';
    import { customers, type Customer, type NewCustomer } from './schema/customers.ts';
    export const row: Customer = rowSchema(customers).parse({});
    export const fresh: NewCustomer = newRowSchema(customers).parse({ email: 'a@b.example' });
    // @ts-expect-error an address is a text
    export const wrong: NewCustomer = { email: 1 };
    export async function useLibrary(): Promise<'current' | 'stale' | 'failed'> {
      const compiled: CompileResult = await compile({ root: '.' });
      // @ts-expect-error migrations are looked for in a folder that has to be named
      await migrate({});
      await status({ generated: compiled.migration ?? 'generated' });
      return (await check()).outcome;
    }
  `;

  it.each([
    ['6', 'nodenext', 'nodenext'],
    ['7', 'nodenext', 'nodenext'],
    ['7', 'preserve', 'bundler'],
  ])('resolve for TypeScript %s with module %s', async (major, module, moduleResolution) => {
    const { root } = project();
    await writeFile(join(root, 'usage.ts'), usage);
    const options = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      types: [],
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
    };
    await writeFile(
      join(root, 'usage.json'),
      JSON.stringify({ compilerOptions: { ...options, module, moduleResolution }, files: ['usage.ts'] }),
    );
    const compiler = major === '7' ? join(root, 'node_modules/typescript') : join(repository, 'node_modules/typescript');
    expect(await run(process.execPath, [join(compiler, 'lib/tsc.js'), '--project', 'usage.json'], root)).toMatchObject({
      code: 0,
      out: '',
    });
  });

  it('that are wrong in the schema stop a compile at their place', async () => {
    await edit('schema/orders.ts', 'precision: 12', "precision: 'twelve'");
    const { code, errors } = await schemac('compile');
    expect(code).toBe(1);
    const line = (await readFile(join(project().root, 'schema/orders.ts'), 'utf8'))
      .split('\n')
      .findIndex((text) => text.includes('twelve'));
    const column = ((await readFile(join(project().root, 'schema/orders.ts'), 'utf8')).split('\n')[line] ?? '').indexOf('precision');
    expect(errors).toContain(
      `schema/orders.ts:${String(line + 1)}:${String(column + 1)} error type-error: Type 'string' is not assignable to type 'number'`,
    );
    await edit('schema/orders.ts', "precision: 'twelve'", 'precision: 12');
  });

  it('go unchecked where TypeScript is not installed, and that is said once', async () => {
    const modules = join(project().root, 'node_modules');
    await rename(join(modules, 'typescript'), join(modules, 'elsewhere'));
    const compiled = await schemac('compile', '--json');
    await rename(join(modules, 'elsewhere'), join(modules, 'typescript'));
    expect(compiled.code).toBe(0);
    expect(diagnosticsIn(compiled)).toEqual([expect.objectContaining({ code: 'types-unchecked', severity: 'notice' })]);
  });
});

describe('the loader ts-node', () => {
  const withModules = async (modules: readonly string[], ...parameters: readonly string[]): Promise<Ended> => {
    const { root } = project();
    const installedAt = (name: string): string => join(root, 'node_modules', name);
    await rename(installedAt('typescript'), installedAt('elsewhere'));
    const links = [
      ...modules.map((name) => [name, join(repository, 'node_modules', name)]),
      ...(modules.includes('typescript') ? [] : [['typescript', installedAt('elsewhere')]]),
    ];
    for (const [name = '', target = ''] of links) await symlink(target, installedAt(name));
    const ended = await schemac(...parameters);
    for (const [name = ''] of links) await rm(installedAt(name));
    await rename(installedAt('elsewhere'), installedAt('typescript'));
    return ended;
  };

  it('is refused beside TypeScript 7, which it cannot use', async () => {
    const { code, errors } = await withModules(['ts-node'], 'compile', '--loader', 'ts-node');
    expect(code).toBe(1);
    expect(errors).toContain('error ts-node-typescript: the loader ts-node needs TypeScript 6 or older, the project has 7.0.2');
  });

  it('is refused in a package of CommonJS modules, and works in one of ES modules', async () => {
    const compile = () => withModules(['ts-node', 'typescript'], 'compile', '--loader', 'ts-node');
    const { code, errors } = await compile();
    expect(code).toBe(1);
    expect(errors).toContain('package.json:1:1 error ts-node-commonjs: the loader ts-node needs a package of ES modules');
    expect(await run('npm', ['pkg', 'set', 'type=module'], project().root)).toMatchObject({ code: 0 });
    expect(await compile()).toMatchObject({ code: 0, out: expect.stringMatching(/^everything is current/) as string });
  });
});

describe('the library', () => {
  it('does what the verbs do, and prints nothing', async () => {
    const program = `
      import { check, compile, migrate, status } from 'schemac/api';
      const nowhere = { generated: 'generated', url: 'postgres://nobody@127.0.0.1:1/none' };
      const results = [await compile(), await check({ root: 'missing' }), await migrate(nowhere), await status(nowhere)];
      process.on('exit', (code) => process.stdout.write(JSON.stringify({ code, results })));
    `;
    const { out, errors } = await run(process.execPath, ['--input-type=module', '--eval', program], project().root);
    expect(errors).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      code: 0,
      results: [
        { outcome: 'current', migration: null, written: [], diagnostics: [] },
        { outcome: 'failed', diagnostics: [{ code: 'missing-folder' }] },
        { applied: [], diagnostics: [{ severity: 'error' }] },
        { applied: [], diagnostics: [{ severity: 'error' }] },
      ],
    });
  });
});
