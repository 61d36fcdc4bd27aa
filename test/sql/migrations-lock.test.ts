/**
 * The lock keeps history: what is written is read back, and any change to a line shows.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { chainLock, hashMigration, readLock, writeLock } from '../../compiler/sql/migrations-lock.ts';
import type { LockEntry } from '../../compiler/sql/migrations-lock.ts';

function lockOf(texts: readonly string[]): readonly LockEntry[] {
  const lock: LockEntry[] = [];
  texts.forEach((text, index) => lock.push(chainLock(lock.at(-1), `${String(index + 1).padStart(4, '0')}_m`, hashMigration(text))));
  return lock;
}

function codeOf(text: string): string | undefined {
  try {
    readLock(text, 'migrations.lock');
    return undefined;
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code;
    throw error;
  }
}

describe('migrations.lock', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), (texts) => {
        const lock = lockOf(texts);
        expect(readLock(writeLock(lock), 'migrations.lock')).toEqual(lock);
      }),
    );
  });

  it('has stable hashes: databases have recorded them', () => {
    const [first, second] = lockOf(['SELECT 1;\n', 'SELECT 2;\n']);
    expect(first?.fileHash).toBe('b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd');
    expect([first?.chainedHash, second?.chainedHash].map((hash) => hash?.slice(0, 12))).toEqual(['105254cb91af', '66b5ff54420e']);
  });

  it('notices a changed character, a lost line and two lines exchanged', () => {
    const text = writeLock(lockOf(['a', 'b', 'c']));
    const lines = text.split('\n');
    const start = lines.findIndex((line) => !line.startsWith('#'));
    for (const at of [start, start + 1, start + 2]) {
      const line = lines[at] ?? '';
      for (const column of [3, 70, line.length - 1]) {
        const changed = [...lines];
        changed[at] = `${line.slice(0, column)}${line[column] === 'e' ? 'f' : 'e'}${line.slice(column + 1)}`;
        expect(codeOf(changed.join('\n')), `line ${String(at)}, column ${String(column)}`).toBe('lock-chain');
      }
    }
    expect(codeOf(lines.filter((_, index) => index !== start + 1).join('\n'))).toBe('lock-chain');
    expect(codeOf([...lines.slice(0, start), lines[start + 1], lines[start], lines[start + 2], ''].join('\n'))).toBe('lock-chain');
    expect(codeOf(`${text}nonsense\n`)).toBe('lock-format');
  });

  it('refuses two migrations of one number', () => {
    const first = chainLock(undefined, '0001_a', hashMigration('a'));
    expect(codeOf(writeLock([first, chainLock(first, '0001_b', hashMigration('b'))]))).toBe('lock-order');
  });

  it('conflicts in git when two branches both add a migration, and says what to run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'schemac lock '));
    const git = (...words: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const file = join(folder, 'migrations.lock');
    const commit = (texts: readonly string[], message: string): void => {
      writeFileSync(file, writeLock(lockOf(texts)));
      git('add', '.');
      git('commit', '--quiet', '--message', message);
    };
    try {
      git('init', '--quiet', '--initial-branch', 'main');
      commit(['a', 'b'], 'base');
      git('checkout', '--quiet', '-b', 'other');
      commit(['a', 'b', 'theirs'], 'theirs');
      git('checkout', '--quiet', 'main');
      commit(['a', 'b', 'ours'], 'ours');
      expect(() => git('merge', '--quiet', 'other')).toThrow();
      expect(codeOf(readFileSync(file, 'utf8'))).toBe('lock-conflict');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
