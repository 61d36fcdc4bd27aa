/**
 * Writing outputs so that nothing is lost whatever happens in the middle: every file goes to a
 * temporary name beside it first, then all are renamed, then what is no output any more is removed.
 * Until the first rename the previous state is whole.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { compareText } from '../model/object.ts';

/** Paths with forward slashes, relative to the folder, and texts. */
export type FileSet = ReadonlyMap<string, string>;

const temporarySuffix = '.schemac-new';

/** Every file below a folder, sorted; leftovers of an interrupted run are not among them. */
export function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(temporarySuffix))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return found.sort(compareText);
}

export interface FileDifferences {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly extra: readonly string[];
}

/** How a folder differs from the files that it should hold. */
export function compareFiles(folder: string, wanted: FileSet): FileDifferences {
  const present = new Set(listFiles(folder));
  const missing = [...wanted.keys()].filter((path) => !present.has(path)).sort(compareText);
  const different = [...wanted].filter(([path, text]) => present.has(path) && readFileSync(join(folder, path), 'utf8') !== text).map(([path]) => path);
  return { missing, different: different.sort(compareText), extra: [...present].filter((path) => !wanted.has(path)) };
}

/**
 * Makes a folder hold exactly these files. `order` names files that are renamed into place last, in
 * that order: those that say that the others are there.
 */
export function writeFiles(folder: string, wanted: FileSet, order: readonly string[]): FileDifferences {
  const differences = compareFiles(folder, wanted);
  const changed = [...differences.missing, ...differences.different];
  const written: string[] = [];
  try {
    for (const path of changed) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      written.push(path);
      writeFileSync(join(folder, path + temporarySuffix), wanted.get(path) ?? '', { flush: true });
    }
  } catch (error) {
    for (const path of written) rmSync(join(folder, path + temporarySuffix), { force: true });
    throw error;
  }
  const rank = (path: string): number => order.indexOf(path);
  for (const path of [...changed].sort((left, right) => rank(left) - rank(right))) renameSync(join(folder, path + temporarySuffix), join(folder, path));
  for (const path of differences.extra) removeFile(folder, path);
  return differences;
}

/** Removes a file and the folders that it leaves empty. */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (readdirSync(join(folder, parent)).length > 0) return;
    rmdirSync(join(folder, parent));
  }
}
