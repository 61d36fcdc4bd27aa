/**
 * Finds out, before anything is applied, whether the role may do what the migrations are about to:
 * what they alter it must own, where they make something it must be allowed to, what they reference
 * it must be allowed to reference. Reads catalogs only, in one round trip.
 */
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Connection } from './connection.ts';
import { neededBy } from './needs.ts';
import type { Need } from './needs.ts';
import type { Selected } from './select.ts';

interface Lack extends Need {
  readonly migration: string;
  readonly file: string;
  readonly line: number;
}

/** A file that changes its role does so because this one may not: what it may then, only the run shows. */
function changesRole({ file }: Selected): boolean {
  return file.transactions.some(({ settings }) => settings.some(({ sql }) => /\b(role|session\s+authorization)\b/i.test(sql)));
}

function needsOf(selected: readonly Selected[]): readonly Lack[] {
  const needs = new Map<string, Lack>();
  for (const { migration, file, earlier } of selected.filter((entry) => !changesRole(entry))) {
    const done = new Set(earlier.filter(({ state }) => state === 'done').map(({ step }) => step));
    const steps = file.transactions.flatMap((transaction) => transaction.steps).filter(({ number }) => !done.has(number));
    for (const step of steps) {
      for (const need of neededBy(step.sql)) {
        const key = `${need.privilege} ${need.name}`;
        if (!needs.has(key)) needs.set(key, { ...need, migration: migration.name, file: migration.file, line: step.line });
      }
    }
  }
  return [...needs.values()];
}

/** True where the role has it, or where the object is not there: an earlier step makes it, or PostgreSQL will say so. */
const tests: { readonly [Privilege in Need['privilege']]: string } = {
  owner: `coalesce((SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(need.name)), true)`,
  references: `coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass(need.name)::oid, 'REFERENCES') OR pg_catalog.has_any_column_privilege(pg_catalog.to_regclass(need.name)::oid, 'REFERENCES'), true)`,
  'create in schema': `coalesce(pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace(need.name)::oid, 'CREATE'), true)`,
  'create in database': `pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') OR pg_catalog.to_regnamespace(need.name) IS NOT NULL`,
  extension: `EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = need.name) OR NOT EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = need.name)
    OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
    OR EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = need.name AND (v.trusted OR NOT v.superuser) AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'))`,
};

function testQuery(needs: readonly Lack[]): string {
  const values = needs.map(({ privilege, name }, place) => `(${String(place)}, ${quoteText(privilege)}, ${quoteText(name)})`);
  const cases = Object.entries(tests).map(([privilege, test]) => `WHEN ${quoteText(privilege)} THEN ${test}`);
  return `SELECT need.place, current_user, pg_catalog.current_database() FROM (VALUES ${values.join(', ')}) need(place, privilege, name)
WHERE NOT CASE need.privilege ${cases.join('\n')} END ORDER BY need.place`;
}

const words: { readonly [Privilege in Need['privilege']]: (name: string, role: string) => readonly [what: string, grant: string] } = {
  owner: (name, role) => [`does not own ${name}`, `ALTER … ${name} OWNER TO ${role}, or make the role a member of its owner`],
  references: (name, role) => [`lacks REFERENCES on ${name}`, `GRANT REFERENCES ON ${name} TO ${role}`],
  'create in schema': (name, role) => [`lacks CREATE on schema ${name}`, `GRANT CREATE, USAGE ON SCHEMA ${name} TO ${role}`],
  'create in database': (name, role) => [
    `lacks CREATE on the database, which schema ${name} needs`,
    `GRANT CREATE ON DATABASE … TO ${role}`,
  ],
  extension: (name) => [`may not create the extension ${name}`, `have a superuser run CREATE EXTENSION ${name}`],
};

function diagnosticOf(need: Lack, role: string, database: string): Diagnostic {
  const [lack, grant] = words[need.privilege](need.name, quoteName(role));
  return {
    code: 'privilege',
    severity: 'error',
    message: `the role ${role} ${lack}, on ${database}: ${need.migration} needs it; nothing was applied`,
    place: { file: need.file, line: need.line, column: 1 },
    hint: `${grant}; then run npx schemac migrate again`,
  };
}

/** Throws a `DiagnosticError` that names every privilege that the role lacks (manual §5.8). */
export async function refuseUnprivileged(connection: Connection, selected: readonly Selected[], database: string): Promise<void> {
  const needs = needsOf(selected);
  if (needs.length === 0) return;
  const rows = await connection.rows(testQuery(needs));
  const lacks = rows.flatMap(([place, role]) => {
    const need = needs[Number(place)];
    return need === undefined ? [] : [diagnosticOf(need, role ?? '', database)];
  });
  if (lacks.length > 0) throw new DiagnosticError(lacks);
}
