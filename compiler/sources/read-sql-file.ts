/**
 * A .sql file as a source: run statement by statement in an empty engine, as psql would, and read
 * back. Its rows are left out; what is not about a schema at all is passed over, never changed.
 */
import { readFile } from 'node:fs/promises';
import { ownRoles } from '../engine/capabilities.ts';
import { PostgresError, type Engine } from '../engine/engine.ts';
import { fail } from '../model/diagnostic.ts';
import { readAccount, runStep } from '../prove/run.ts';
import { quoteName } from '../sql/quote.ts';
import { leadingWords } from '../sql/scan.ts';
import { placeOf, splitScript, type ScriptCommand, type ScriptItem, type ScriptStatement } from '../sql/script.ts';
import { extensionsIn } from './extensions.ts';
import type { Source, SourceContext } from './source.ts';

/** Throws a `DiagnosticError` with the line that the engine, or we, refuse. */
export async function readSqlFile(file: string, name: string, context: SourceContext): Promise<Source> {
  const items = splitScript(decoded(await readFile(file), name), name, 'left out');
  return context.engines.spend(extensionsIn(items), async (engine) => {
    await engine.execute('SET client_min_messages TO warning');
    await runItems(engine, items, name);
    // What is not committed at the end is lost, as it is with psql; a dump may have changed the role.
    await engine.execute('ROLLBACK; RESET SESSION AUTHORIZATION; RESET ROLE');
    const account = await readAccount(engine, { tables: context.referenceTables ?? [] });
    const known = context.referenceTables === undefined ? {} : { referenceTables: context.referenceTables };
    return { source: 'sql', name, ...account, spelled: engine.identity, externals: new Set(), ...known };
  });
}

const encodings: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  unicode: 'utf8',
  sql_ascii: 'utf8',
  latin1: 'latin1',
  'iso-8859-1': 'latin1',
};

/** The bytes as the file itself says that they are to be read; without a word of it, UTF-8. */
function decoded(bytes: Buffer, name: string): string {
  const text = bytes.toString('latin1');
  const said = /^\s*SET\s+client_encoding\s*(?:=|TO)\s*'?([\w-]+)/im.exec(text);
  const encoding = encodings[said?.[1]?.toLowerCase() ?? 'utf8'];
  if (encoding !== undefined) return bytes.toString(encoding);
  return fail('sql-file', `the encoding ${said?.[1] ?? ''} is not understood`, {
    place: placeOf(text, said?.index ?? 0, name),
    hint: 'convert the file to UTF-8, and take the line out',
  });
}

async function runItems(engine: Engine, items: readonly ScriptItem[], file: string): Promise<void> {
  for (const item of items) {
    if (item.item === 'command') {
      if (item.command === 'q' || item.command === 'quit') return;
      refuseCommand(item, file);
    } else if (!isAboutServer(item.sql)) await runStatement(engine, item, file);
  }
}

/** What only shows things, or chooses where to work: the engine has one database, and it is empty. */
const passedOver = /^(connect|c|restrict|unrestrict|echo|qecho|warn|pset|timing|encoding|x|a|t|unset|conninfo|!?\s*)$/;

/** psql's own variables are in capitals and change nothing about a schema. */
function refuseCommand(command: ScriptCommand, file: string): void {
  const isOwnVariable = command.command === 'set' && /^[A-Z_]+(\s|$)/.test(command.argument);
  if (isOwnVariable || passedOver.test(command.command)) return;
  fail('psql-command', `the psql command \\${command.command} is not understood here`, {
    place: { file, line: command.line, column: command.column },
    hint: 'give the file as psql sees it in the end: included files written in, variables replaced',
  });
}

/** About databases as a whole, or about how the bytes of the file are to be read. */
function isAboutServer(sql: string): boolean {
  const [first = '', second = ''] = leadingWords(sql, 2);
  if (first === 'set') return second === 'client_encoding' || second === 'names';
  return ['create', 'alter', 'drop'].includes(first) && second === 'database';
}

async function runStatement(engine: Engine, statement: ScriptStatement, file: string): Promise<void> {
  const step = { sql: statement.sql, step: statement.terminator === '\\gexec' ? 'expand' : 'transactional' } as const;
  for (;;) {
    try {
      return await runStep(engine, step);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      if (isUnknownSetting(error, statement.sql)) return;
      if (!(await madeRole(engine, error))) refused(statement, error, file);
    }
  }
}

/** A newer pg_dump sets what an older server does not know: `SET transaction_timeout = 0` (17). */
function isUnknownSetting(error: PostgresError, sql: string): boolean {
  return error.code === '42704' && leadingWords(sql, 1)[0] === 'set' && error.message.startsWith('unrecognized configuration parameter');
}

/** Owners and grants of a dump name roles. In an engine of our own they can be made; on a server they are others'. */
async function madeRole(engine: Engine, error: PostgresError): Promise<boolean> {
  const role = error.code === '42704' ? /^role "(.+)" does not exist$/s.exec(error.message)?.[1] : undefined;
  if (role === undefined || !engine.has(ownRoles)) return false;
  await engine.execute(`CREATE ROLE ${quoteName(role)}`);
  return true;
}

function refused(statement: ScriptStatement, error: PostgresError, file: string): never {
  const before = error.position === undefined ? '' : [...statement.sql].slice(0, error.position - 1).join('');
  const inner = placeOf(statement.sql, before.length, file);
  const column = inner.line === 1 ? statement.column + inner.column - 1 : inner.column;
  const hint = [error.detail, error.hint].filter((text) => text !== undefined).join('; ');
  fail('sql-file', `PostgreSQL refuses the statement: ${error.message} [${error.code}]`, {
    place: { file, line: statement.line + inner.line - 1, column },
    ...(hint === '' ? {} : { hint }),
  });
}
