/**
 * migrations.lock: one line a migration, each hash chained to the one before, so that history cannot
 * be edited unseen and two branches that both add a migration conflict in git on the last line.
 * Text in, text out; no file is opened here.
 */
import { createHash } from 'node:crypto';
import { fail } from '../model/diagnostic.ts';
import type { Place } from '../model/diagnostic.ts';

export interface LockEntry {
  /** `0002_add_locale`, without `.sql`. */
  readonly name: string;
  readonly fileHash: string;
  /** Stands for this migration and every one before it. */
  readonly chainedHash: string;
  /** Of a baseline: the migrations that were folded into it, oldest first. Its chained hash is that of the last one. */
  readonly folded?: readonly LockEntry[];
}

/** Oldest first. */
export type Lock = readonly LockEntry[];

const head = `# The migrations in order: chained hash, hash of the file, name. Written by schemac compile, never by hand.
# When git reports a conflict here, two branches both added a migration: run npx schemac compile --rebase
`;

/** With the other branch's lock, ours are the migrations that it does not name. */
const afterOther =
  'where two branches were put together by hand, take the lock of the one that yours comes after: git checkout main -- generated/migrations/migrations.lock, then run npx schemac compile --rebase';

/** A migration's number as names begin with it: `0012`. */
export function numberText(number: number): string {
  return String(number).padStart(4, '0');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The hash by which a migration's text is known: in the lock, and in every database it was applied to. */
export function hashMigration(text: string): string {
  return sha256(text);
}

/** The entry that follows `previous` (the last one of a lock; `undefined` for the first migration). */
export function chainLock(previous: LockEntry | undefined, name: string, fileHash: string): LockEntry {
  return { name, fileHash, chainedHash: sha256(`${previous?.chainedHash ?? ''}${fileHash}${name}`) };
}

/**
 * The entry of a baseline that stands for the first entries of a lock. It takes over the chained hash
 * of the last of them: a database has come to the same place by either way, and later entries stay as they are.
 */
export function foldLock(folded: Lock, name: string, fileHash: string): LockEntry {
  const all = folded.flatMap((entry) => entry.folded ?? [entry]);
  return { name, fileHash, chainedHash: all.at(-1)?.chainedHash ?? '', folded: all };
}

/** The text of the file; reading it gives the same entries back. */
export function writeLock(lock: Lock): string {
  return head + lock.flatMap((entry) => [...(entry.folded ?? []).map((old) => `folded ${lineOf(old)}`), lineOf(entry)]).join('');
}

function lineOf({ chainedHash, fileHash, name }: LockEntry): string {
  return `${chainedHash} ${fileHash} ${name}\n`;
}

function readLine(line: string, place: Place): LockEntry {
  if (/^(<{7}|={7}|>{7}|\|{7})/.test(line)) {
    fail('lock-conflict', 'two branches both added a migration, and git could not order them', {
      place,
      hint: 'run npx schemac compile --rebase',
    });
  }
  const match = /^([0-9a-f]{64}) ([0-9a-f]{64}) (\d{4,}_\S+)$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) {
    return fail('lock-format', `'${line}' is no line of migrations.lock`, {
      place,
      hint: 'take the file back from git: git checkout -- generated/migrations/migrations.lock',
    });
  }
  return { chainedHash: match[1], fileHash: match[2], name: match[3] };
}

/**
 * Reads a lock. Throws a `DiagnosticError` with the place where a line is malformed, stands in the
 * wrong order, or where its hash does not follow from the lines before.
 * @param file the name that messages show.
 */
export function readLock(text: string, file: string): Lock {
  const entries: LockEntry[] = [];
  let folded: LockEntry[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line === '' || line.startsWith('#')) return;
    const place = { file, line: index + 1, column: 1 };
    if (line.startsWith('folded ')) {
      folded.push(follows(folded.at(-1), readLine(line.slice('folded '.length), place), place));
      return;
    }
    const entry = readLine(line, place);
    entries.push(folded.length === 0 ? follows(entries.at(-1), entry, place) : standsFor(folded, entry, place));
    folded = [];
  });
  return entries;
}

function follows(previous: LockEntry | undefined, entry: LockEntry, place: Place): LockEntry {
  if (previous !== undefined && Number.parseInt(previous.name, 10) >= Number.parseInt(entry.name, 10)) {
    fail('lock-order', `${entry.name} stands after ${previous.name}`, { place, hint: afterOther });
  }
  return chainLock(previous, entry.name, entry.fileHash).chainedHash === entry.chainedHash ? entry : refuseChain(entry, place);
}

/** A baseline with what was folded into it. */
function standsFor(folded: Lock, entry: LockEntry, place: Place): LockEntry {
  return folded.at(-1)?.chainedHash === entry.chainedHash ? { ...entry, folded } : refuseChain(entry, place);
}

function refuseChain(entry: LockEntry, place: Place): never {
  return fail('lock-chain', `the chained hash of ${entry.name} does not follow from the lines before it`, {
    place,
    hint: `a line before it was changed or is missing: take the file back: git checkout -- generated/migrations/migrations.lock; ${afterOther}`,
  });
}
