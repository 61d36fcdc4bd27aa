/**
 * schema/custom/: SQL that people write, each file a migration of its own under the same name. Says
 * which files were compiled, which were not, and which are not what was compiled any more.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticError, fail, type Diagnostic } from '../model/diagnostic.ts';
import { hashMigration, numberText } from '../sql/migrations-lock.ts';
import { readHead } from '../sql/migration-head.ts';
import { listFiles } from './files.ts';
import type { History } from './history.ts';
import type { Workspace } from './workspace.ts';

export interface CustomFile {
  /** `0004_fill_tone`: the migration's name too. */
  readonly name: string;
  readonly number: number;
  readonly text: string;
  /** `schema/custom/0004_fill_tone.sql`. */
  readonly file: string;
  readonly hash: string;
  /** The file under the number that it had, where another branch's migration took that. */
  readonly formerly?: string;
}

export const customFolder = 'schema/custom';

/** All of them by number; throws a `DiagnosticError` for a name that no migration could have, or a number that two have. */
export function readCustomFiles(workspace: Workspace): readonly CustomFile[] {
  const folder = join(workspace.schema, 'custom');
  const files = listFiles(folder)
    .filter((path) => path.endsWith('.sql'))
    .map((path) => customFile(path, readFileSync(join(folder, path), 'utf8')))
    .sort((left, right) => left.number - right.number);
  files.forEach((file, at) => {
    const other = files[at - 1];
    if (other?.number === file.number) {
      fail('custom-name', `${other.file} and ${file.file} have one number, so that nobody can tell which runs first`, {
        place: placeIn(file),
        hint: 'give the one that runs later a higher number',
      });
    }
  });
  return files;
}

function customFile(path: string, text: string): CustomFile {
  const match = /^((\d{4,})_[a-z0-9_]+)\.sql$/.exec(path);
  const file = `${customFolder}/${path}`;
  if (match?.[1] !== undefined) return { name: match[1], number: Number(match[2]), text, file, hash: hashMigration(text) };
  return fail('custom-name', `${file} has no name that says where it runs`, {
    place: { file, line: 1, column: 1 },
    hint: 'name it as its migration is to be named: schema/custom/NNNN_what_it_does.sql, in small letters; npx schemac compile --custom NAME does',
  });
}

function placeIn({ file }: Pick<CustomFile, 'file'>): NonNullable<Diagnostic['place']> {
  return { file, line: 1, column: 1 };
}

/** The hash of the custom file that a migration was compiled from; undefined where schema/ asked for it. */
export function compiledFrom(text: string, name: string): string | undefined {
  // The label stands in the head alone; most of a long history is not from here and need not be read.
  return text.includes('\n-- custom: ') ? readHead(text, `generated/migrations/${name}.sql`).custom : undefined;
}

/** Files that are no migration yet, in the order in which they run. Throws where a compiled one is not what it was, or is gone. */
export function pendingFiles(files: readonly CustomFile[], history: History): readonly CustomFile[] {
  const problems = [...files.flatMap((file) => mismatch(file, history)), ...missing(files, history)];
  const pending = files.filter(({ name }) => !history.texts.has(name));
  const last = Number.parseInt(history.lock.at(-1)?.name ?? '0', 10);
  const late = pending.filter(({ number }) => number <= last);
  problems.push(...late.map((file) => tooEarly(file, history, last)));
  if (problems.length > 0) throw new DiagnosticError(problems);
  return pending;
}

/** The same, where files whose numbers were taken meanwhile get the next ones: those of a branch that is put onto another one. */
export function renumbered(files: readonly CustomFile[], history: History): readonly CustomFile[] {
  let last = Number.parseInt(history.lock.at(-1)?.name ?? '0', 10);
  return files
    .filter(({ name }) => !history.texts.has(name))
    .map((file) => {
      const number = Math.max(file.number, last + 1);
      last = number;
      if (number === file.number) return file;
      const name = `${numberText(number)}${file.name.replace(/^\d+/, '')}`;
      return { ...file, name, number, file: `${customFolder}/${name}.sql`, formerly: file.file };
    });
}

function mismatch(file: CustomFile, history: History): readonly Diagnostic[] {
  const text = history.texts.get(file.name);
  if (text === undefined) return [];
  const compiled = compiledFrom(text, file.name);
  if (compiled === file.hash) return [];
  if (compiled === undefined) {
    const message = `${file.file} has the name of a migration that was not made from it`;
    return [{ code: 'custom-name', severity: 'error', message, place: placeIn(file), hint: 'give it a number after the last migration' }];
  }
  const after = history.lock.slice(history.lock.findIndex(({ name }) => name === file.name) + 1).map(({ name }) => name);
  const along = after.length === 0 ? '' : `, and with it ${after.join(', ')}`;
  return [
    {
      code: 'custom-edited',
      severity: 'error',
      message: `${file.file} is not what generated/migrations/${file.name}.sql was compiled from`,
      place: placeIn(file),
      hint: `if it was applied nowhere, npx schemac compile --amend makes it anew${along}; otherwise take the file back and write what is to change into another one: npx schemac compile --custom NAME`,
    },
  ];
}

function missing(files: readonly CustomFile[], history: History): readonly Diagnostic[] {
  const there = new Set(files.map(({ name }) => name));
  return [...history.texts].flatMap(([name, text]): readonly Diagnostic[] =>
    there.has(name) || compiledFrom(text, name) === undefined
      ? []
      : [
          {
            code: 'custom-missing',
            severity: 'error',
            message: `${customFolder}/${name}.sql is missing, from which generated/migrations/${name}.sql was compiled`,
            place: { file: `generated/migrations/${name}.sql`, line: 1, column: 1 },
            hint: `take it back: git checkout -- ${customFolder}/${name}.sql; to take the migration back, where it was applied nowhere: npx schemac compile --amend`,
          },
        ],
  );
}

function tooEarly(file: CustomFile, history: History, last: number): Diagnostic {
  const next = `${customFolder}/${numberText(last + 1)}${file.name.replace(/^\d+/, '')}.sql`;
  return {
    code: 'custom-too-early',
    severity: 'error',
    message: `${file.file} would run before ${history.lock.at(-1)?.name ?? ''}, which is compiled already`,
    place: placeIn(file),
    hint: `name it ${next}; where two branches were put together, npx schemac compile --rebase does`,
  };
}
