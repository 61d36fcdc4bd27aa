/** The command line as others see it: help, exit codes, and what goes to which stream in which form. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../compiler/cli.ts';
import { repository } from '../load/project.ts';

const bin = join(repository, 'compiler/bin.mjs');
let empty: string;

beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'schemac command line '));
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

function schemac(...parameters: readonly string[]): Promise<Ended> {
  return new Promise((settle) => {
    execFile(process.execPath, [bin, ...parameters], { cwd: empty }, (error, out, errors) =>
      settle({ code: Number(error?.code ?? 0), out, errors }),
    );
  });
}

/** A verb, or where it has verbs of its own each of them. */
const verbs = program().commands.flatMap((command) => (command.commands.length === 0 ? [command] : command.commands));

describe.each(verbs.map((command) => [command.name(), command] as const))('%s', (_, command) => {
  it('says what it does, in a sentence for each option', () => {
    expect(command.description()).not.toBe('');
    expect(command.options.filter(({ description }) => !/^[A-Z].+\.$/s.test(description)).map(({ flags }) => flags)).toEqual([]);
  });

  it('has the options of every verb', () => {
    expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--json', '--quiet', '--format']));
  });
});

describe('a mistake', () => {
  it('is text on standard error', async () => {
    const { code, out, errors } = await schemac('compile');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toContain('error missing-folder: there is no schema folder schema/');
    expect(errors).toContain('npx schemac init');
  });

  it('is the one document on standard output with --json', async () => {
    const { code, out } = await schemac('check', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ diagnostics: [{ code: 'missing-folder', severity: 'error' }] });
  });

  it('is an annotation with --format github', async () => {
    const { code, out } = await schemac('diagrams', '--format', 'github');
    expect(code).toBe(1);
    expect(out).toMatch(/^::error::generated\/ holds no diagram → .*npx schemac compile\n$/);
  });

  it('in the arguments ends with 1 and says where help is', async () => {
    for (const parameters of [
      ['unknown'],
      ['compile', '--unknown'],
      ['compile', '--loader', 'unknown'],
      ['compile', '--amend', '--rebase'],
    ]) {
      const { code, errors } = await schemac(...parameters);
      expect(code).toBe(1);
      expect(errors).toMatch(/^error: .*\n.*--help/);
      expect(errors).not.toContain('    at ');
    }
  });
});

it('survives a reader that stops reading', async () => {
  const command = `"${process.execPath}" "${bin}" migrate --help | true; echo "status \${PIPESTATUS[0]}"`;
  const ended = await new Promise<Ended>((settle) => {
    execFile('bash', ['-c', command], { cwd: empty }, (error, out, errors) => settle({ code: Number(error?.code ?? 0), out, errors }));
  });
  expect(ended).toEqual({ code: 0, out: 'status 0\n', errors: '' });
});
