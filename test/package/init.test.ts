/** The verb `init`: what it writes into an empty folder, and that it never changes what is there. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initCommand } from '../../compiler/commands/init.ts';
import { load } from '../../compiler/load/load.ts';
import { dslModule, repository } from '../load/project.ts';

const home = repository;
let root: string;

beforeEach(() => {
  root = join(realpathSync(mkdtempSync(join(tmpdir(), 'schemac init '))), 'My Shop');
  mkdirSync(root);
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = (): Record<string, unknown> => JSON.parse(read('package.json')) as Record<string, unknown>;
const init = () => initCommand({ root, home });

describe('an empty folder', () => {
  it('becomes a project', async () => {
    const { exitCode, lines } = await init();
    expect(exitCode).toBe(0);
    expect(readdirSync(root).sort()).toEqual(['.gitattributes', '.gitignore', 'package.json', 'schema', 'tsconfig.json']);
    expect(readdirSync(join(root, 'schema')).sort()).toEqual(['customers.ts', 'orders.ts', 'project.ts']);
    expect(read('.gitattributes')).toBe('generated/** text eol=lf\n');
    expect(read('.gitignore')).toBe('node_modules/\n.schemac/\n');
    expect(manifest()).toMatchObject({
      name: 'my-shop',
      type: 'module',
      scripts: { compile: 'schemac compile', check: 'schemac check', migrate: 'schemac migrate' },
    });
    expect(lines).toEqual(expect.arrayContaining([expect.stringContaining('npm install'), expect.stringContaining('npx schemac compile')]));
  });

  it('holds a schema without a mistake', async () => {
    await init();
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const declared = await load({ root, folder: 'schema', loader: 'esbuild', dslModule });
    expect(declared.diagnostics).toEqual([]);
    expect(declared.objects.filter(({ kind }) => kind === 'table').map(({ id }) => id)).toEqual([
      'table public.customers',
      'table public.orders',
    ]);
  });

  it('has nothing left to do the second time', async () => {
    await init();
    const before = readdirSync(root, { recursive: true }).map((name) => (existsSync(join(root, String(name))) ? String(name) : ''));
    const { json, lines } = await init();
    expect(json).toMatchObject({ written: [] });
    expect(lines[0]).toBe('everything is there already; nothing was written');
    expect(readdirSync(root, { recursive: true })).toEqual(before);
  });
});

describe('a folder with a project in it', () => {
  it('gets what is missing and keeps the rest', async () => {
    const kept = { 'schema/tables/things.ts': 'export const mine = 1;\n', 'tsconfig.json': '{ "mine": true }\n' };
    for (const [path, text] of Object.entries(kept)) write(path, text);
    write(
      'package.json',
      `{\n\t"name": "shop",\n\t"scripts": {\n\t\t"check": "eslint ."\n\t},\n\t"devDependencies": {\n\t\t"schemac": "1.0.0"\n\t}\n}\n`,
    );
    write('.gitignore', 'coverage/');
    write('.gitattributes', '*.png binary\n');
    const { lines } = await init();
    for (const [path, text] of Object.entries(kept)) expect(read(path)).toBe(text);
    expect(readdirSync(join(root, 'schema'))).toEqual(['tables']);
    expect(read('package.json')).toBe(
      `{\n\t"name": "shop",\n\t"scripts": {\n\t\t"check": "eslint .",\n\t\t"compile": "schemac compile",\n\t\t"migrate": "schemac migrate"\n\t},\n\t"devDependencies": {\n\t\t"schemac": "1.0.0"\n\t}\n}\n`,
    );
    expect(read('.gitignore')).toBe('coverage/\n.schemac/\n');
    expect(read('.gitattributes')).toBe('*.png binary\ngenerated/** text eol=lf\n');
    expect(lines).toContain('kept     your own script check in package.json; ours is: npx schemac check');
  });

  it.each(['{ "name": ', '[]'])('is left alone when package.json is %s', async (text) => {
    write('package.json', text);
    await expect(init()).rejects.toMatchObject({ diagnostics: [{ code: 'package-json-unreadable', place: { file: 'package.json' } }] });
    expect(readdirSync(root)).toEqual(['package.json']);
    expect(read('package.json')).toBe(text);
  });
});

describe('the dependency that is written', () => {
  it.each([
    ['the tarball that schemac was installed from', 'file:../../here/schemac-0.1.0.tgz', 'file:../here/schemac-0.1.0.tgz'],
    ['the git repository that it was installed from', 'git+https://example.org/schemac.git', 'git+https://example.org/schemac.git'],
    ['this version or a newer one, from the registry', '^0.1.0', '^9.8.7'],
  ])('is %s', async (_, asked, written) => {
    const cache = join(dirname(root), 'npx', 'cache');
    const installed = join(cache, 'node_modules', 'schemac');
    mkdirSync(join(installed, 'dist', 'commands'), { recursive: true });
    writeFileSync(join(cache, 'package.json'), JSON.stringify({ dependencies: { schemac: asked } }));
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'schemac', version: '9.8.7' }));
    symlinkSync(join(repository, 'compiler/commands/templates'), join(installed, 'dist/commands/templates'));
    await initCommand({ root, home: installed });
    expect(manifest()).toMatchObject({ dependencies: { schemac: written } });
  });
});
