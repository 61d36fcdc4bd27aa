/**
 * Hashes of the declarations that led to a migration, beside the engine's states in .schemac/ and by
 * the same key: with them a later compile knows what changed since. A cache: may go any time.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../model/address.ts';
import type { Workspace } from './workspace.ts';

/** Files beyond these are deleted, the oldest first; the engine keeps as many states. */
const kept = 4;

const pathOf = (workspace: Workspace, head: string): string => join(workspace.cache, 'declared', `${head}.json`);

export function readDeclaredHashes(workspace: Workspace, head: string): ReadonlyMap<Address, string> | undefined {
  const path = pathOf(workspace, head);
  if (head === '' || !existsSync(path)) return undefined;
  try {
    return new Map(JSON.parse(readFileSync(path, 'utf8')) as readonly [Address, string][]);
  } catch {
    // Half a file says nothing: everything is elaborated.
    return undefined;
  }
}

export function writeDeclaredHashes(workspace: Workspace, head: string, hashes: ReadonlyMap<Address, string>): void {
  if (head === '') return;
  const folder = join(workspace.cache, 'declared');
  const path = pathOf(workspace, head);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify([...hashes]));
  renameSync(`${path}.${process.pid}`, path);
  const files = readdirSync(folder).map((name) => ({ name, time: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  for (const { name } of files.sort((left, right) => right.time - left.time).slice(kept)) rmSync(join(folder, name), { force: true });
}
