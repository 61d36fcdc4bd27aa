/**
 * What the operating system refuses while a project's files are read or written, in words and with
 * what to do. Everything else that goes wrong is none of this file's business and is passed on.
 */
import { relative, sep } from 'node:path';
import { fail } from '../model/diagnostic.ts';
import { isWritingUnfinished } from './files.ts';
import type { Workspace } from './workspace.ts';

interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

const refusals: Readonly<Record<string, Refusal>> = {
  ENOSPC: { reason: 'the disk is full', remedy: 'make room' },
  EDQUOT: { reason: 'the disk quota is used up', remedy: 'make room' },
  EFBIG: { reason: 'the file would be larger than is allowed', remedy: 'raise the limit' },
  EACCES: { reason: 'permission is denied', remedy: 'make it writable' },
  EPERM: { reason: 'it is not permitted', remedy: 'make it writable' },
  EROFS: { reason: 'the file system is read-only', remedy: 'make it writable' },
};

/** Throws a `DiagnosticError` for a file that could not be read or written, and any other error as it is. */
export function explainFileError(error: unknown, workspace: Workspace): never {
  const { code, path } = error as Partial<NodeJS.ErrnoException>;
  const refusal = error instanceof Error && code !== undefined ? refusals[code] : undefined;
  if (refusal === undefined) throw error;
  const file = path === undefined ? 'a file' : relative(workspace.root, path).split(sep).join('/');
  const isWritten = path === undefined || [workspace.generated, workspace.cache].some((folder) => path.startsWith(folder));
  if (!isWritten)
    return fail('cannot-read', `${file} cannot be read: ${refusal.reason} (${code ?? ''})`, {
      hint: 'make it readable, then run it again',
    });
  const state = isWritingUnfinished(workspace.generated) ? 'it finishes what was begun' : 'nothing in generated/ was changed';
  return fail('cannot-write', `${file} cannot be written: ${refusal.reason} (${code ?? ''})`, {
    hint: `${refusal.remedy}, then run npm run compile: ${state}`,
  });
}
