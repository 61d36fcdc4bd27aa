/** Makes a project folder from texts, for loading; the schema language comes from the sources. */
import { mkdtemp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { Diagnostic } from '../../compiler/model/diagnostic.ts';
import { load } from '../../compiler/load/load.ts';

export const dslModule = fileURLToPath(new URL('../../compiler/dsl/index.ts', import.meta.url));
export const repository = fileURLToPath(new URL('../../', import.meta.url));

export type Files = { readonly [path: string]: string };

/** Writes the files into a new folder whose name has a space, and removes it afterwards. */
export async function inProject<Result>(files: Files, action: (root: string) => Promise<Result>): Promise<Result> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'schemac load ')));
  try {
    for (const [path, text] of Object.entries({ 'package.json': '{ "name": "shop", "type": "module" }', ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    return await action(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Loads a schema given as the texts of its files. */
export async function loadFiles(files: Files): Promise<DeclaredSchema> {
  return inProject(files, async (root) => {
    const schema = await load({ root, folder: 'schema', loader: 'esbuild', dslModule });
    // Places are worked out when they are read, from files that are about to go.
    for (const each of [...schema.annotations.values(), ...schema.queries]) void each.place;
    return schema;
  });
}

const words = [
  'table externalTable text uuid integer bigint boolean timestamptz jsonb references softReference self sql literal name desc key column',
  'range list hash enumType domain sequence schema extension view materializedView opaque compositeType rangeType numeric publication published group ofType customType arrayOf varchar',
  'defaultPrivileges',
  'func procedure out inout variadic setOf returnsTable rowOf date',
  'project requirement decision openQuestion review query',
]
  .join(' ')
  .split(' ');

/** One file with every word imported on its first line. */
export async function loadText(text: string): Promise<DeclaredSchema> {
  return loadFiles({ 'schema/main.ts': `import { ${words.join(', ')} } from 'schemac';\n${text}` });
}

/** What loading says: the diagnostics of the result, or those that it stopped with. */
export async function diagnosticsOf(loading: Promise<DeclaredSchema>): Promise<readonly Diagnostic[]> {
  try {
    return (await loading).diagnostics;
  } catch (error) {
    const { diagnostics } = error as { readonly diagnostics?: readonly Diagnostic[] };
    if (diagnostics === undefined) throw error;
    return diagnostics;
  }
}

/** `code file:line:column`, for expectations that a reader can check against the text. */
export function codeAndPlace({ code, place }: Diagnostic): string {
  return place === undefined ? code : `${code} ${place.file}:${place.line}:${place.column}`;
}
