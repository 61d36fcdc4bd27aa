/**
 * Reads a migration file back: the facts in its head, its steps, and which of them share a
 * transaction. Files written by hand, without step comments, are read too: each statement is a step.
 * Reads text only; nothing here touches a disk, a database, or a heavy package.
 */
import { fail } from '../model/diagnostic.ts';
import type { Carried, Phase, Step } from '../model/statement.ts';
import { readHead } from './migration-head.ts';
import { controlOf, firstLine, guessStep, hasStepComment, readStepComment } from './migration-step.ts';
import { unquotedWords } from './scan.ts';
import { splitScript } from './script.ts';
import type { ScriptCommand, ScriptStatement } from './script.ts';

/** SET and RESET: no step, since they must run again when a later step is resumed. */
export interface MigrationSetting {
  readonly sql: string;
  readonly line: number;
}

export interface MigrationStep {
  readonly number: number;
  readonly step: Step;
  readonly purpose: string;
  readonly probe?: string;
  /** The table that a backfill goes through batch by batch. */
  readonly batches?: string;
  readonly carries?: Carried;
  readonly sql: string;
  /** Whether the cells of the result are statements to run, one after the other. */
  readonly gexec: boolean;
  readonly line: number;
  readonly column: number;
}

export interface MigrationTransaction {
  /** Whether the steps stand between BEGIN and COMMIT; otherwise there is one step, outside any transaction. */
  readonly block: boolean;
  /** The BEGIN as written, for its transaction modes. */
  readonly begin?: string;
  /** In a block run after BEGIN, otherwise for the rest of the session. */
  readonly settings: readonly MigrationSetting[];
  readonly steps: readonly MigrationStep[];
}

export interface MigrationFile {
  /** `0002_add_locale`. */
  readonly name: string;
  readonly number: number;
  readonly summary: string;
  readonly phase: Phase;
  /** The expand migration of the same compile, where a contract one ends it. */
  readonly completes?: string;
  /** The hash of the file in schema/custom/ that it was compiled from; absent in what schema/ asked for. */
  readonly custom?: string;
  /** The major that it was written for; absent in a file written by hand. */
  readonly target?: number;
  /** The engine that proved it. */
  readonly proven?: string;
  /** `HAZARD ADDRESS`, as allowed when compiling. */
  readonly allows: readonly string[];
  readonly locks: readonly string[];
  readonly hazards: readonly string[];
  /** Declared rows of tables, where the project had a policy. */
  readonly rows: readonly string[];
  /** Roles that must be there; a migration makes none. */
  readonly roles: readonly string[];
  /** SQL that makes stubs of the tables of others that it stands on; empty where there are none. */
  readonly externals: string;
  /** SQL that takes it back, as far as that is possible. */
  readonly undo: string;
  readonly carries: readonly Carried[];
  readonly transactions: readonly MigrationTransaction[];
}

interface OpenBlock {
  readonly begin: ScriptStatement;
  readonly settings: MigrationSetting[];
  readonly steps: MigrationStep[];
}

class Reader {
  readonly transactions: MigrationTransaction[] = [];
  readonly carries: Carried[] = [];
  private block: OpenBlock | undefined;
  private settings: MigrationSetting[] = [];
  private lastNumber = 0;
  private readonly file: string;
  private readonly commented: boolean;

  constructor(file: string, commented: boolean) {
    this.file = file;
    this.commented = commented;
  }

  take(statement: ScriptStatement): void {
    const control = controlOf(statement.sql);
    if (control === 'begin') this.open(statement);
    else if (control === 'commit') this.close(statement);
    else if (control === 'rollback')
      this.refuse(statement, `'${firstLine(statement.sql)}' would undo steps that are recorded as done`, 'leave out what must not run');
    else if (control === 'setting') (this.block?.settings ?? this.settings).push({ sql: statement.sql, line: statement.line });
    else this.step(statement);
  }

  end(): void {
    if (this.block !== undefined) this.refuse(this.block.begin, 'this BEGIN has no COMMIT', 'write COMMIT; at the end of the transaction');
  }

  private open(statement: ScriptStatement): void {
    if (this.block !== undefined) this.refuse(statement, 'BEGIN stands inside a transaction that began before', 'write COMMIT; before it');
    this.block = { begin: statement, settings: [], steps: [] };
  }

  private close(statement: ScriptStatement): void {
    const block = this.block;
    if (block === undefined) return this.refuse(statement, 'COMMIT stands after no BEGIN', 'write BEGIN; at the start of the transaction');
    if (unquotedWords(statement.sql).has('chain')) this.refuse(statement, 'COMMIT AND CHAIN is not understood', 'write COMMIT; BEGIN;');
    if (block.steps.length > 0)
      this.transactions.push({
        block: true,
        begin: block.begin.sql,
        settings: [...this.settings.splice(0), ...block.settings],
        steps: block.steps,
      });
    this.block = undefined;
  }

  private step(statement: ScriptStatement): void {
    const written = readStepComment(statement, this.file);
    if (written === undefined && this.commented && this.block === undefined) {
      this.refuse(
        statement,
        `'${firstLine(statement.sql)}' has no step comment, though other statements of the file have one`,
        `write '-- step ${String(this.lastNumber + 1)} transactional: what it is for' above it`,
      );
    }
    const said = written ?? guessStep(statement, this.lastNumber + 1, this.block === undefined ? 'bare' : 'block');
    if (said.number <= this.lastNumber)
      this.refuse(statement, `step ${String(said.number)} stands after step ${String(this.lastNumber)}`, 'number the steps upwards');
    this.lastNumber = said.number;
    if (this.block !== undefined && (said.step === 'concurrent' || said.step === 'backfill')) {
      this.refuse(statement, `a ${said.step} step cannot run inside BEGIN … COMMIT`, 'write COMMIT; before it');
    }
    if (said.carries !== undefined) this.carries.push(said.carries);
    const step = { ...said, sql: statement.sql, gexec: statement.terminator === '\\gexec', line: statement.line, column: statement.column };
    if (this.block !== undefined) this.block.steps.push(step);
    else this.transactions.push({ block: false, settings: this.settings.splice(0), steps: [step] });
  }

  private refuse(statement: ScriptStatement, message: string, hint: string): never {
    fail('migration-format', message, { place: { file: this.file, line: statement.line, column: statement.column }, hint });
  }
}

function refuseCommand(command: ScriptCommand, file: string): void {
  if (command.command === 'set' && /^ON_ERROR_STOP\s+(on|1|true)$/i.test(command.argument)) return;
  fail('psql-command', `the psql command \\${command.command} ${command.argument} is not understood`.replace(/ +/g, ' '), {
    place: { file, line: command.line, column: command.column },
    hint: 'only \\set ON_ERROR_STOP on and \\gexec may stand in a migration',
  });
}

/** Splits `0002_add_locale.sql` (with or without folders before it) into its number and name. */
export function migrationName(fileName: string): { readonly name: string; readonly number: number } {
  const base = fileName.split(/[/\\]/).at(-1) ?? fileName;
  const match = /^((\d{4,})_[^/\\]*)\.sql$/.exec(base);
  if (match?.[1] === undefined)
    return fail('migration-name', `'${base}' is no name of a migration`, {
      place: { file: fileName, line: 1, column: 1 },
      hint: 'name it NNNN_what_it_does.sql',
    });
  return { name: match[1], number: Number(match[2]) };
}

/**
 * Reads the text of a migration file. Throws a `DiagnosticError` with the place for anything that the
 * runner could not carry out exactly as `psql -f` would.
 * @param fileName shown in messages; its last part must be `NNNN_name.sql`.
 */
export function readMigration(text: string, fileName: string): MigrationFile {
  const { name, number } = migrationName(fileName);
  const head = readHead(text, fileName);
  if (head.name !== undefined && head.name !== name) {
    fail('migration-name', `the file is named ${name}, but its first line says ${head.name}`, {
      place: { file: fileName, line: 1, column: 1 },
      hint: 'give the file its name back',
    });
  }
  return { ...readScript(text, fileName), name, number };
}

/** The same of a file with any name, without what its name says. */
export function readScript(text: string, fileName: string): Omit<MigrationFile, 'name' | 'number'> {
  const items = splitScript(text, fileName);
  const commented = items.some((item) => item.item === 'statement' && hasStepComment(item));
  const reader = new Reader(fileName, commented);
  for (const item of items) {
    if (item.item === 'command') refuseCommand(item, fileName);
    else reader.take(item);
  }
  reader.end();
  const { name: _, ...facts } = readHead(text, fileName);
  return { ...facts, carries: reader.carries, transactions: reader.transactions };
}
