/**
 * Names and texts that hold the syntax of every language that they are written into, all the way: from
 * TypeScript through the compiler onto a real server, and into DBML, Mermaid and Markdown.
 */
import { beforeAll, expect, test } from 'vitest';
import { join } from 'node:path';
import { migrateCommand } from '../../compiler/commands/migrate.ts';
import { hostileNames } from '../emit/hostile.ts';
import { mermaidBlocks, parseMermaid } from '../emit/mermaid-parsers.ts';
import { withClient } from '../support/database.ts';
import { runPsql } from '../support/dump.ts';
import { newestMajor, withServer } from '../support/servers.ts';
import { codes, createProject, expectDone, type Project } from './support.ts';

const reserved = ['select', 'user', 'table', 'order', 'primary', 'constraint', 'public', 'pg_catalog', 'ctid', 'null'];
const names = [...hostileNames, ...reserved.slice(0, 7)];
const pick = (position: number): string => names[position % names.length] ?? '';
const quoted = (text: string): string => JSON.stringify(text);

/** A table for every name; columns, keys, checks, indexes and docs take the names that follow. */
function tableText(name: string, position: number): string {
  const [first, second, doc] = [pick(position + 1), pick(position + 2), pick(position + 3)];
  return `export const t${position} = table(${quoted(name)}, {
  doc: ${quoted(doc)},
  group: ${position % 2 === 0 ? 'odd' : 'plain'},
  columns: [
    column(${quoted(first)}, text({ doc: ${quoted(name)}, default: literal(${quoted(doc)}) })),
    column(${quoted(second)}, ofType(kinds, { doc: ${quoted(first)}, nullable: true })),
    column('other', references(() => t0, ${quoted(pick(1))}, { doc: ${quoted(second)}, nullable: true, constraint: { doc: ${quoted(doc)} } })),
  ],
  primaryKey: { columns: [${quoted(first)}], doc: ${quoted(second)} },
  checks: { [${quoted(`${doc} c`)}]: { expression: sql\`\${name(${quoted(first)})} <> \${literal(${quoted(second)})}\`, doc: ${quoted(name)} } },
  indexes: { [${quoted(`${name} i`)}]: { on: [${quoted(second)}, ${quoted(first)}], where: sql\`\${name(${quoted(first)})} > \${literal(${quoted(name)})}\`, doc: ${quoted(doc)} } },
});`;
}

const schema = `import { column, enumType, group, literal, name, ofType, references, sql, table, text } from 'schemac';
export const kinds = enumType(${quoted('ki"nd; $$')}, [${names.map(quoted).join(', ')}], { doc: ${quoted(pick(5))} });
export const odd = group(${quoted(pick(2))}, { doc: ${quoted(pick(9))} });
export const plain = group('plain');
${names.map(tableText).join('\n')}
`;

let project: Project;

beforeAll(async () => {
  project = await createProject({ 'schema/hostile.ts': schema });
  expectDone(await project.compile());
});

test('check is content: the migrations replay, and the DBML reads back as what was declared', async () => {
  const result = await project.check();
  expect([result.exitCode, codes(result).filter((code) => /dbml|output|migration/.test(code))]).toEqual([0, []]);
});

test('the migration applies to a real server, every name as it was written', async () => {
  await withServer(newestMajor, async (server) => {
    const withPsql = await runPsql(await server.createDatabase(), join(project.root, 'generated/migrations/0001_initial_schema.sql'));
    expect(withPsql ?? { exitCode: 0, errors: '' }).toMatchObject({ exitCode: 0, errors: '' });
    const url = await server.createDatabase();
    const applied = await migrateCommand({ generated: join(project.root, 'generated'), url });
    expect(applied.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const found = await withClient(url, async (client) => {
      const list = async (sql: string): Promise<readonly string[]> =>
        (await client.query<{ name: string }>(sql)).rows.map((row) => row.name).sort();
      return {
        tables: await list("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"),
        docs: await list(
          "SELECT obj_description(oid, 'pg_class') AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        ),
        columns: await list(
          "SELECT attname AS name FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum = 1",
        ),
        indexes: await list(
          "SELECT relname AS name FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace AND relname LIKE '% i'",
        ),
        checks: await list("SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"),
        values: await list('SELECT enumlabel AS name FROM pg_enum'),
      };
    });
    const sorted = (list: readonly string[]): readonly string[] => [...list].sort();
    expect(found).toEqual({
      tables: sorted(names),
      docs: sorted(names),
      columns: sorted(names),
      indexes: sorted(names.map((name) => `${name} i`)),
      checks: sorted(names.map((name) => `${name} c`)),
      values: sorted(names),
    });
  });
});

test('Mermaid parses every diagram, in files and in documents', async () => {
  const files = [...project.generated()];
  const diagrams = files.filter(([path]) => path.endsWith('.mmd')).map(([, text]) => text);
  const blocks = files.filter(([path]) => path.endsWith('.md')).flatMap(([, text]) => mermaidBlocks(text));
  expect(diagrams.length).toBeGreaterThan(1);
  expect(blocks.length).toBeGreaterThan(names.length);
  for (const text of [...diagrams, ...blocks]) expect((await parseMermaid(text)).entities.length).toBeGreaterThan(0);
});

test('each table has a page of its own, and no page holds markup of a name', () => {
  const pages = [...project.generated()].filter(([path]) => path.endsWith('.md'));
  expect(pages.filter(([path]) => path.startsWith('docs/tables/'))).toHaveLength(names.length);
  for (const [path, text] of pages) {
    const outside = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`+[^`]*`+/g, '');
    expect([path, /<script>|(?<!\\)!\[image\]/.exec(outside)?.[0]]).toEqual([path, undefined]);
  }
});
