/** The files of a schema folder: every .ts below it but declarations of types, sorted by path. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareText } from '../model/object.ts';
import { fail } from '../model/diagnostic.ts';
import { relativePath } from './places.ts';

/** Paths relative to the project, with slashes, in the order of code units: no file system's own order. */
export async function schemaFiles(root: string, folder: string): Promise<readonly string[]> {
  const absolute = resolve(root, folder);
  const shown = relativePath(root, absolute) || '.';
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return fail('missing-folder', `there is no schema folder ${shown}/`, {
      hint: 'run this in the folder that holds schema/, or begin with `npx schemac init`',
    });
  });
  const files = entries
    .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name))
    .map((entry) => relativePath(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.includes('/node_modules/'))
    .sort(compareText);
  if (files.length === 0) {
    fail('empty-folder', `the schema folder ${shown}/ has no .ts file`, { hint: 'write one, or begin with `npx schemac init`' });
  }
  return files;
}
