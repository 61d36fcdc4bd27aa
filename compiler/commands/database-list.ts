/**
 * Which databases a verb is about: `--url` once or more, a file that lists them, or a command that
 * prints them. What is in the list may hold passwords and is never repeated in a message.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fail } from '../model/diagnostic.ts';

export interface DatabaseListArguments {
  readonly url?: string | readonly string[];
  /** A file with one URL a line; `-` for standard input. */
  readonly urlsFile?: string;
  /** A command whose output is such a file. */
  readonly urlsCommand?: string;
}

/** Empty lines and lines that begin with `#` are left out. */
function listed(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function fromFile(file: string): readonly string[] {
  try {
    return listed(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return fail('urls-list', `--urls-file ${file} cannot be read: ${code}`, {
      hint: 'give a file with one postgres:// URL a line, or - for standard input',
    });
  }
}

function fromCommand(command: string): readonly string[] {
  const { status, signal, error, stdout } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (error === undefined && status === 0) return listed(stdout);
  const how = error?.message ?? (signal === null ? `it ended with exit code ${String(status)}` : `it was ended by ${signal}`);
  return fail('urls-list', `--urls-command failed: ${how}`, { hint: 'it must print one postgres:// URL a line and end with exit code 0' });
}

/**
 * The URLs of a list, each once; `undefined` where one database is meant, by its URL or as libpq's
 * variables say. Throws a `DiagnosticError` where a list cannot be read or is empty.
 */
export function databaseList({ url = [], urlsFile, urlsCommand }: DatabaseListArguments): readonly string[] | undefined {
  const given = typeof url === 'string' ? [url] : url;
  if (given.length < 2 && urlsFile === undefined && urlsCommand === undefined) return undefined;
  const all = [
    ...given,
    ...(urlsFile === undefined ? [] : fromFile(urlsFile)),
    ...(urlsCommand === undefined ? [] : fromCommand(urlsCommand)),
  ];
  if (all.length === 0) fail('urls-list', 'the list of databases is empty', { hint: 'give one postgres:// URL a line' });
  return [...new Set(all)];
}

/** The one URL that was given, or DATABASE_URL. */
export function oneDatabase({ url = [] }: DatabaseListArguments): string | undefined {
  return (typeof url === 'string' ? url : url[0]) ?? process.env['DATABASE_URL'];
}
