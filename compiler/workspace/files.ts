/**
 * Writing outputs so that an interruption leaves the previous state or the new one: every file goes
 * to a temporary name beside it first, a journal then says that all are there, and only after that
 * are they renamed and what is no output any more removed. A journal that is found is carried out.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { compareText } from '../model/object.ts';

/** Paths with forward slashes, relative to the folder, and texts. */
export type FileSet = ReadonlyMap<string, string>;

const temporarySuffix = '.schemac-new';
const journalName = `journal${temporarySuffix}`;

/** What is left to do once every new file is there under its temporary name. */
interface Journal {
  readonly rename: readonly string[];
  readonly remove: readonly string[];
}

/** Every file below a folder, sorted; leftovers of an interrupted run are not among them. */
export function listFiles(folder: string): readonly string[] {
  return everyFile(folder).filter((path) => !isTemporary(path));
}

function everyFile(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return found.sort(compareText);
}

function isTemporary(path: string): boolean {
  return path.endsWith(temporarySuffix) || path === `${journalName}.part`;
}

/** What `compareFiles` finds, and what `writeFiles` does. */
export interface FileDifferences {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly extra: readonly string[];
}

/** How a folder differs from the files that it should hold. */
export function compareFiles(folder: string, wanted: FileSet): FileDifferences {
  const present = new Set(listFiles(folder));
  const missing = [...wanted.keys()].filter((path) => !present.has(path)).sort(compareText);
  const different = [...wanted]
    .filter(([path, text]) => present.has(path) && readFileSync(join(folder, path), 'utf8') !== text)
    .map(([path]) => path);
  return { missing, different: different.sort(compareText), extra: [...present].filter((path) => !wanted.has(path)) };
}

export interface WriteRules {
  /** Files that are renamed into place last, in this order: those that say that the others are there. */
  readonly order: readonly string[];
  /** Whether a file that is no output now may be removed, since an earlier run must have written it. */
  readonly isOurs: (path: string) => boolean;
}

/** Makes a folder hold these files, and of our own no others. A file that we never write is left where it is. */
export async function writeFiles(folder: string, wanted: FileSet, { order, isOurs }: WriteRules): Promise<FileDifferences> {
  for (const path of everyFile(folder).filter(isTemporary)) removeFile(folder, path);
  const compared = compareFiles(folder, wanted);
  const differences = { ...compared, extra: compared.extra.filter(isOurs) };
  const rank = (path: string): number => order.indexOf(path);
  const rename = [...differences.missing, ...differences.different].sort((left, right) => rank(left) - rank(right));
  const journal: Journal = { rename, remove: differences.extra };
  if (rename.length + differences.extra.length === 0) return differences;
  try {
    for (const path of rename) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path + temporarySuffix), wanted.get(path) ?? '');
    }
    await flush(rename.map((path) => join(folder, path + temporarySuffix)));
    writeFileSync(join(folder, `${journalName}.part`), JSON.stringify(journal), { flush: true });
    renameSync(join(folder, `${journalName}.part`), join(folder, journalName));
  } catch (error) {
    for (const path of [...rename.map((each) => each + temporarySuffix), `${journalName}.part`]) removeFile(folder, path);
    throw error;
  }
  finishWriting(folder);
  return differences;
}

/** Files that are flushed at one time: a disk takes many together in the time of one, and a process may open about a thousand. */
const flushedTogether = 64;

async function flush(paths: readonly string[]): Promise<void> {
  const waiting = paths.values();
  const flushNext = async (): Promise<void> => {
    for (const path of waiting) {
      const file = await open(path, 'r+');
      await file.sync().finally(() => file.close());
    }
  };
  await Promise.all(Array.from({ length: Math.min(flushedTogether, paths.length) }, flushNext));
}

/** Whether a run was interrupted after all its files were there and before all were in place. */
export function isWritingUnfinished(folder: string): boolean {
  return existsSync(join(folder, journalName));
}

/** Carries out what the journal says; each step may have been done before. */
export function finishWriting(folder: string): void {
  const { rename, remove } = readJournal(folder);
  for (const path of rename) {
    if (existsSync(join(folder, path + temporarySuffix))) renameSync(join(folder, path + temporarySuffix), join(folder, path));
  }
  for (const path of remove) removeFile(folder, path);
  rmSync(join(folder, journalName));
}

/** A journal that cannot be read was damaged by something else: there is nothing to go by. */
function readJournal(folder: string): Journal {
  try {
    return JSON.parse(readFileSync(join(folder, journalName), 'utf8')) as Journal;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { rename: [], remove: [] };
  }
}

/** Removes a file, if it is there, and the folders that are then empty. */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const absolute = join(folder, parent);
    if (!existsSync(absolute)) continue;
    if (readdirSync(absolute).length > 0) return;
    rmdirSync(absolute);
  }
}
