/**
 * Which files of schema/custom/ a compile takes in, and which it cannot yet: those in which nothing
 * is written are named and left out. Reads; renames nothing.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { pendingFiles, readCustomFiles, renumbered, type CustomFile } from '../workspace/custom-files.ts';
import type { History } from '../workspace/history.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readHandWritten } from './hand-written-report.ts';

/** Both relative to the project. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

export interface PendingCustom {
  readonly files: readonly CustomFile[];
  /** Files without a statement. */
  readonly empty: readonly CustomFile[];
  readonly renamed: readonly RenamedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws a `DiagnosticError` where a file cannot be read as SQL, or does not fit the migrations that are there. */
export function openCustomFiles(workspace: Workspace, history: History, mode: 'extend' | 'amend' | 'rebase'): PendingCustom {
  const all = readCustomFiles(workspace);
  const pending = mode === 'rebase' ? renumbered(all, history) : pendingFiles(all, history);
  const isEmpty = ({ text, file }: CustomFile): boolean => readHandWritten(text, file).transactions.length === 0;
  return {
    files: pending.filter((file) => !isEmpty(file)),
    empty: pending.filter(isEmpty),
    renamed: pending.flatMap((file) => (file.formerly === undefined ? [] : [{ from: file.formerly, to: file.file }])),
    diagnostics: pending.filter(isEmpty).map(({ file }) => ({
      code: 'custom-empty',
      severity: 'warning',
      message: `${file} holds no statement, so that no migration is made from it`,
      place: { file, line: 1, column: 1 },
      hint: 'write it, or remove it; until then no migration may take its number',
    })),
  };
}
