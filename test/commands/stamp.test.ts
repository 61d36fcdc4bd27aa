/**
 * The stamp: nothing changed, nothing to do; and whatever changes in an input or an output, by any
 * way, makes the next compile a whole one. `check` never asks it.
 */
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stampedResult } from '../../compiler/commands/stamp.ts';
import { users } from './schemas.ts';
import { codes, createProject, type Project } from './support.ts';

/** Refers to a file outside schema/, and asks lint for a warning. */
const schema = users()
  .replace("mail: text({ doc: 'Address.' })", 'mail: text()')
  .replace('\nexport', "\nexport { version } from '../shared/version.ts';\n\nexport");
const files = { 'schema/users.ts': schema, 'shared/version.ts': 'export const version = 1;\n' };

let project: Project;

const stamped = (given = {}) => stampedResult({ root: project.root, loader: 'esbuild', history: 'extend', ...given });

beforeAll(async () => {
  project = await createProject(files);
  expect(stamped()).toBeUndefined();
  expect((await project.compile()).exitCode).toBe(0);
});

test('what the compile said is said again, and nothing is written', async () => {
  const result = stamped();
  expect(result?.exitCode).toBe(0);
  expect(codes({ exitCode: 0, lines: [], json: undefined, diagnostics: result?.diagnostics ?? [] })).toContain('undocumented-column');
  expect(result?.json).toMatchObject({ migration: null, written: [] });
  // A whole run agrees.
  const whole = await project.compile();
  expect(whole.json).toEqual(result?.json);
  expect(stamped()?.diagnostics).toEqual(whole.diagnostics);
});

test.each([{ loader: 'ts-node' }, { history: 'amend' }, { history: 'rebase' }, { engine: 'postgres://localhost/' }])(
  '%o is always a whole run',
  (given) => {
    expect(stamped(given)).toBeUndefined();
  },
);

const edits: readonly { readonly edit: string; readonly path: string; readonly change: (text: string) => string | undefined }[] = [
  { edit: 'a schema file that is edited', path: 'schema/users.ts', change: (text) => `${text}\n` },
  { edit: 'a schema file that is new', path: 'schema/more.ts', change: () => 'export const more = 1;\n' },
  { edit: 'a file in schema/ that is no module', path: 'schema/custom/seed.sql', change: () => 'SELECT 1;\n' },
  { edit: 'a file outside schema/ that it imports', path: 'shared/version.ts', change: (text) => text.replace('1', '2') },
  { edit: 'package.json', path: 'package.json', change: (text) => text.replace('shop', 'market') },
  { edit: 'the lock of the packages', path: 'package-lock.json', change: () => '{}' },
  { edit: 'tsconfig.json', path: 'tsconfig.json', change: (text) => `${text}\n` },
  { edit: 'an output that is edited', path: 'generated/schema.sql', change: (text) => text.replace('users', 'users ') },
  { edit: 'an output that is missing', path: 'generated/docs/README.md', change: () => undefined },
  { edit: 'a file too many', path: 'generated/notes.txt', change: () => 'mine\n' },
  { edit: 'an empty file too many', path: 'generated/empty', change: () => '' },
  { edit: 'a migration', path: 'generated/migrations/0001_initial_schema.sql', change: (text) => `${text}-- more\n` },
  { edit: 'the lock of the migrations', path: 'generated/migrations/migrations.lock', change: () => undefined },
];

describe('defeats the stamp:', () => {
  test.each(edits)('$edit', ({ path, change }) => {
    const before = path.startsWith('generated/') ? project.generated().get(path.slice('generated/'.length)) : readIfThere(path);
    expect(stamped()).toBeDefined();
    project.write({ [path]: change(before ?? '') });
    expect(stamped()).toBeUndefined();
    project.write({ [path]: before });
    expect(stamped()).toBeDefined();
  });

  test('an edit that keeps size and time', () => {
    const path = join(project.root, 'generated', 'schema.sql');
    const text = project.read('generated/schema.sql');
    const { atime, mtime } = statSync(path);
    project.write({ 'generated/schema.sql': text.replace('users', 'usert') });
    utimesSync(path, atime, mtime);
    expect(stamped()).toBeUndefined();
    project.write({ 'generated/schema.sql': text });
  });

  test('a stamp of which only half was written', () => {
    const path = join(project.root, '.schemac', 'stamp.json');
    const text = project.read('.schemac/stamp.json');
    writeFileSync(path, text.slice(0, text.length / 2));
    expect(stamped()).toBeUndefined();
    writeFileSync(path, text);
    expect(stamped()).toBeDefined();
  });
});

test('a compile that fails leaves no stamp, and the one before says nothing about it', async () => {
  project.write({
    'schema/users.ts': schema.replace("primaryKey: ['id']", "primaryKey: ['idd']").replace("columns: ['id']", "columns: ['idd']"),
  });
  expect((await project.compile()).exitCode).toBe(1);
  expect(stamped()).toBeUndefined();
  project.write({ 'schema/users.ts': schema });
  expect(stamped()).toBeDefined();
});

test('check finds what an edited stamp hides', async () => {
  project.write({ 'generated/schema.sql': `${project.read('generated/schema.sql')}-- edited\n` });
  expect((await project.check()).exitCode).toBe(2);
  expect((await project.compile()).exitCode).toBe(0);
  expect(stamped()).toBeDefined();
});

function readIfThere(path: string): string | undefined {
  try {
    return project.read(path);
  } catch {
    return undefined;
  }
}
