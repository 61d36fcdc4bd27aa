/**
 * Texts that belong to one point of the history, by the lock's head there: the hashes of what was
 * declared, the snapshot that a later one replaced. In .schemac/, so any of them may be gone at any time.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

/** Texts of one purpose beyond these are deleted, the longest unused first; the engine keeps as many states. */
const kept = 4;

export type Purpose = 'declared' | 'snapshots' | 'plans';

const pathOf = (workspace: Workspace, purpose: Purpose, head: string): string => join(workspace.cache, purpose, `${head}.json`);

/** The path of a text that is there; what is asked for stays longest. */
export function cachedFile(workspace: Workspace, purpose: Purpose, head: string): string | undefined {
  const path = pathOf(workspace, purpose, head);
  if (!/^[0-9a-f]+$/.test(head) || !existsSync(path)) return undefined;
  const now = new Date();
  utimesSync(path, now, now);
  return path;
}

/** Whether a text of a purpose is there; none is read. */
export function hasCached(workspace: Workspace, purpose: Purpose): boolean {
  const folder = join(workspace.cache, purpose);
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** All texts of a purpose, the longest unused first; one that is being replaced may be missing. */
export function cachedTexts(workspace: Workspace, purpose: Purpose): readonly string[] {
  const folder = join(workspace.cache, purpose);
  if (!existsSync(folder)) return [];
  return byUse(folder)
    .filter((name) => name.endsWith('.json'))
    .toReversed()
    .flatMap((name) => {
      try {
        return [readFileSync(join(folder, name), 'utf8')];
      } catch {
        return [];
      }
    });
}

/** The names in a folder, the last used first. */
function byUse(folder: string): readonly string[] {
  const files = readdirSync(folder).map((name) => ({ name, time: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  return files.sort((left, right) => right.time - left.time).map(({ name }) => name);
}

export function writeCached(workspace: Workspace, purpose: Purpose, entry: { readonly head: string; readonly text: string }): void {
  if (!/^[0-9a-f]+$/.test(entry.head)) return;
  const folder = join(workspace.cache, purpose);
  const path = pathOf(workspace, purpose, entry.head);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, entry.text);
  renameSync(`${path}.${process.pid}`, path);
  for (const name of byUse(folder).slice(kept)) rmSync(join(folder, name), { force: true });
}

/** The hashes of what was declared when this was the head; undefined where they cannot be read. */
export function readDeclaredHashes(workspace: Workspace, head: string): ReadonlyMap<string, string> | undefined {
  const path = cachedFile(workspace, 'declared', head);
  if (path === undefined) return undefined;
  try {
    return new Map(JSON.parse(readFileSync(path, 'utf8')) as readonly [string, string][]);
  } catch {
    // Half a file says nothing: everything is elaborated.
    return undefined;
  }
}
