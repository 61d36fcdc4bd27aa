/**
 * The projects that are measured: the digest schema of this repository, and generated ones of many
 * tables, one file a table, each with 9 columns, an identity key, 2 indexes and 1 foreign key.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Project {
  readonly root: string;
  /** The file that `addColumn` edits. */
  readonly edited: string;
}

/** The repository, wherever the bundle of the bench was written. */
export const repository = process.env['SCHEMAC_BENCH_REPOSITORY'] ?? resolve('.');

function emptyProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'schemac-bench-'));
  mkdirSync(join(root, 'schema'));
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(repository, join(root, 'node_modules', 'schemac'), 'dir');
  writeFileSync(join(root, 'package.json'), '{ "name": "bench", "type": "module" }\n');
  return root;
}

/** A copy of this repository's own schema and of what was generated from it. */
export function digestProject(): Project {
  const root = emptyProject();
  for (const folder of ['schema', 'generated']) cpSync(join(repository, folder), join(root, folder), { recursive: true });
  return { root, edited: 'schema/digest-interactions.ts' };
}

/** Tables that refer to one of the tables before, as in a tree, so that every file imports another; the first to itself. */
export function manyTables(tables: number): Project {
  const root = emptyProject();
  writeFileSync(join(root, 'schema', 'project.ts'), projectFile);
  for (let number = 0; number < tables; number += 1) writeFileSync(join(root, 'schema', `${tableName(number)}.ts`), tableFile(number));
  return { root, edited: `schema/${tableName(Math.floor(tables / 2))}.ts` };
}

const projectFile = `import { project } from 'schemac';

export const settings = project({ postgres: 18, title: 'Bench' });
`;

function tableName(number: number): string {
  return `table_${String(number).padStart(4, '0')}`;
}

function tableFile(number: number): string {
  const own = tableName(number);
  const parent = tableName(Math.floor((number - 1) / 10));
  const [words, imports, reference] =
    number === 0
      ? ['self', '', "self('id'"]
      : ['references', `import { ${parent} } from './${parent}.ts';\n`, `references(() => ${parent}, 'id'`];
  return `import { bigint, boolean, integer, jsonb, numeric, ${words}, sql, table, text, timestamptz } from 'schemac';
${imports}
export const ${own} = table('${own}', {
  doc: 'Measured table ${number}.',
  columns: {
    id: bigint({ doc: 'Identity.', identity: 'always' }),
    parent_id: ${reference}, { doc: 'The table above.', nullable: true }),
    title: text({ doc: 'Title.' }),
    body: text({ doc: 'Body.', nullable: true }),
    amount: numeric({ precision: 12, scale: 2, doc: 'Amount.' }),
    place: integer({ doc: 'Place.', default: 0 }),
    active: boolean({ doc: 'Whether it is active.', default: true }),
    details: jsonb({ doc: 'Details.', nullable: true }),
    created_at: timestamptz({ doc: 'When it was made.', default: sql\`now()\` }),
  },
  primaryKey: ['id'],
  indexes: {
    ${own}_parent: { on: ['parent_id'], doc: 'Children of a row.' },
    ${own}_title: { on: ['title', 'created_at'], doc: 'By title.' },
  },
});
`;
}

/** Gives the edited file's table one more column, a new one for each number. */
export function addColumn(project: Project, number: number): void {
  const path = join(project.root, project.edited);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('  columns: {\n', `  columns: {\n    bench_${number}: text({ doc: 'Added.', nullable: true }),\n`));
}

export function removeProject(project: Project): void {
  rmSync(project.root, { recursive: true, force: true });
}
