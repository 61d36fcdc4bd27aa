/**
 * The verb `init`: a small commented example and the settings that a project needs. It adds and never
 * overwrites: a file that is there stays as it is, and a second run has nothing to do.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { CommandResult } from './result.ts';
import { addToPackage, newPackage, type PackageEdit } from './package-json.ts';

export interface InitArguments {
  /** The folder that becomes a project. */
  readonly root: string;
  /** The folder of the package schemac. */
  readonly home: string;
}

const scripts = { compile: 'schemac compile', check: 'schemac check', migrate: 'schemac migrate' };
/** With it, mistakes in schema/ are found by their types as well. */
const typescript = '^7.0.2';
const examples = ['project.ts', 'customers.ts', 'orders.ts'];

interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** `new`: the file is not there; `added to`: lines or fields go to what is. */
  readonly how: 'new' | 'added to';
}

/** Writes what is missing. Everything is read before anything is written. */
export async function initCommand({ root, home }: InitArguments): Promise<CommandResult> {
  const manifest = join(root, 'package.json');
  const additions = { scripts, dependencies: { schemac: dependencyOn(home, root) } };
  const edit = existsSync(manifest) ? addToPackage(readFileSync(manifest, 'utf8'), additions) : undefined;
  const files = [
    ...exampleFiles(root, home),
    ...(edit === undefined
      ? [{ path: 'package.json', text: newPackage(packageName(root), additions, { typescript }), how: 'new' as const }]
      : edit.added.length === 0
        ? []
        : [{ path: 'package.json', text: edit.text, how: 'added to' as const }]),
    ...(existsSync(join(root, 'tsconfig.json'))
      ? []
      : [{ path: 'tsconfig.json', text: template(home, 'tsconfig.json'), how: 'new' as const }]),
    ...withLines(root, '.gitattributes', ['generated/** text eol=lf'], []),
    ...withLines(root, '.gitignore', ['.schemac/'], ['node_modules/']),
  ];
  for (const { path, text, how } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // `wx` fails rather than overwrite a file that came about since we looked.
    writeFileSync(join(root, path), text, { flag: how === 'new' ? 'wx' : 'w' });
  }
  return {
    exitCode: 0,
    diagnostics: [],
    json: { written: files.map(({ path, how }) => ({ path, how })), keptScripts: edit?.kept ?? [] },
    lines: [...writtenLines(files, edit), ...nextLines(root)],
  };
}

/** The example, where schema/ declares nothing yet. */
function exampleFiles(root: string, home: string): readonly PlannedFile[] {
  const schema = join(root, 'schema');
  if (existsSync(schema) && readdirSync(schema, { recursive: true }).some((name) => /\.m?ts$/.test(String(name)))) return [];
  return examples.map((name) => ({ path: `schema/${name}`, text: template(home, name), how: 'new' }));
}

/** The package holds them in dist/, the repository in compiler/. */
function template(home: string, name: string): string {
  const folder = ['compiler', 'dist'].map((part) => join(home, part, 'commands', 'templates')).find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`${home} holds no templates; build schemac again`);
  return readFileSync(join(folder, `${name}.template`), 'utf8');
}

/** Lines that are missing at the end of a file; `first` stand above them where the file is new. */
function withLines(root: string, path: string, lines: readonly string[], first: readonly string[]): readonly PlannedFile[] {
  if (!existsSync(join(root, path))) return [{ path, text: [...first, ...lines, ''].join('\n'), how: 'new' }];
  const text = readFileSync(join(root, path), 'utf8');
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return [];
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return [{ path, text: `${text}${separator}${missing.join('\n')}\n`, how: 'added to' }];
}

/** A name that npm takes, from the folder's. */
function packageName(root: string): string {
  const name = basename(resolve(root))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' || name === 'schemac' ? 'my-schema' : name;
}

/**
 * What to write for schemac in `dependencies`: where this copy came from if whoever installed it says so
 * (a tarball, a git URL), the folder of a repository, or else this version from the registry.
 */
function dependencyOn(home: string, root: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly version: string };
  const within = (folder: string): string => `file:${relative(realpathSync(root), folder).replaceAll('\\', '/')}`;
  if (basename(dirname(home)) !== 'node_modules') return within(home);
  const installer = dirname(dirname(home));
  const manifest = join(installer, 'package.json');
  if (!existsSync(manifest)) return `^${version}`;
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly dependencies?: Readonly<Record<string, string>> };
  const asked = dependencies['schemac'];
  if (asked?.startsWith('file:') === true) return within(resolve(installer, asked.slice('file:'.length)));
  return asked === undefined || !/[:/]/.test(asked) ? `^${version}` : asked;
}

function writtenLines(files: readonly PlannedFile[], edit: PackageEdit | undefined): readonly string[] {
  if (files.length === 0) return ['everything is there already; nothing was written'];
  const details = (path: string): string => (path === 'package.json' && edit !== undefined ? `  (${edit.added.join(', ')})` : '');
  const kept = edit?.kept ?? [];
  return [
    ...files.map(({ path, how }) => `${how === 'new' ? 'wrote   ' : 'added to'} ${path}${details(path)}`),
    ...kept.map((name) => `kept     your own script ${name} in package.json; ours is: npx ${scripts[name as keyof typeof scripts]}`),
    ...(files.some(({ path }) => path.startsWith('schema/')) ? [] : ['kept     schema/ as it is']),
  ];
}

function nextLines(root: string): readonly string[] {
  const isInstalled = existsSync(join(root, 'node_modules', 'schemac'));
  return [
    '',
    'next:',
    ...(isInstalled ? [] : ['  npm install                       brings schemac into this folder']),
    '  npx schemac compile               writes the first migration and the documents to generated/',
    '  git add schema generated          both are yours to review and commit',
    '  npx schemac migrate --url URL     applies it to a database: postgres://user@host/database',
    'then edit a file in schema/, compile again, and read the new migration.',
  ];
}
