/**
 * What a SOURCE on the command line means: a postgres:// URL, a folder of declarations, a folder of
 * migrations, a snapshot, a .sql file. Decides by what is there and by nothing else; a reader is
 * loaded when it is needed, so that comparing two databases loads no loader and no engine.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isServerUrl } from '../engine/open.ts';
import { fail } from '../model/diagnostic.ts';
import type { Source, SourceContext } from './source.ts';

/** Opens and reads a source. Throws a `DiagnosticError` with what is wrong with it. */
export async function openSource(text: string, context: SourceContext): Promise<Source> {
  const url = urlOf(text);
  if (url !== undefined) return (await import('./read-database.ts')).readDatabase(url, context.referenceTables);
  const path = resolve(context.root, text);
  const name = relative(context.root, path) || '.';
  if (!existsSync(path)) return fail('unknown-source', `there is no ${shown(text)}`, { hint: forms });
  if (statSync(path).isDirectory()) return openFolder(path, name, context);
  if (path.endsWith('.json')) return (await import('./read-snapshot-file.ts')).readSnapshotFile(path, name);
  if (path.endsWith('.sql')) return (await import('./read-sql-file.ts')).readSqlFile(path, name, context);
  return fail('unknown-source', `${name} is a file of no kind that can be read`, { hint: forms });
}

const forms =
  'give a schema folder, a migrations folder, a snapshot.json, a .sql file, a postgres:// URL, or env:NAME for a URL that the variable NAME holds';

/** `env:NAME` keeps a password out of the list of processes. */
function urlOf(text: string): string | undefined {
  const variable = /^env:(\w+)$/.exec(text)?.[1];
  if (variable !== undefined)
    return process.env[variable] ?? fail('unknown-source', `the environment has no variable ${variable}`, { hint: forms });
  return isServerUrl(text) ? text : undefined;
}

/** Something like a URL may hold a password. */
function shown(text: string): string {
  return /:\/\/|@/.test(text) ? 'such source' : `file or folder ${text}`;
}

async function openFolder(path: string, name: string, context: SourceContext): Promise<Source> {
  const migrations = [path, join(path, 'migrations')].find(holdsMigrations);
  if (migrations !== undefined)
    return (await import('./read-migrations.ts')).readMigrationsFolder(relative(process.cwd(), migrations) || '.', name, context);
  return (await import('./read-schema.ts')).readSchema(path, name, context);
}

function holdsMigrations(folder: string): boolean {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  return readdirSync(folder).some((file) => file === 'migrations.lock' || /^\d{4,}_.*\.sql$/.test(file));
}
