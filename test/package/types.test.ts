/** Types of schema/ as the project's own TypeScript compiler sees them, with places and plain words. */
import { expect, it } from 'vitest';
import { checkTypes } from '../../compiler/load/types.ts';
import { dslModule, inProject } from '../load/project.ts';

const settings = {
  compilerOptions: {
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    target: 'es2022',
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
    paths: { schemac: [dslModule] },
  },
};
const typesOf = (text: string) =>
  inProject(
    { 'tsconfig.json': JSON.stringify(settings), 'schema/a.ts': `import { bigint, range, table, timestamptz } from 'schemac';\n${text}` },
    (root) => checkTypes(root),
  );

it('has nothing to say of a schema that is right', async () => {
  expect(await typesOf(`export const a = table('a', { columns: { id: bigint() }, primaryKey: ['id'] });`)).toEqual([]);
});

it('gives the place and the words of the compiler', async () => {
  expect(await typesOf(`export const a = table('a', { columns: { id: bigint({ nullable: 1 }) } });`)).toMatchObject([
    {
      code: 'type-error',
      severity: 'error',
      message: "Type 'number' is not assignable to type 'boolean | undefined'. (TS2322)",
      place: { file: 'schema/a.ts', line: 2 },
    },
  ]);
});

it('says a rule of the language in plain words, and nothing of the types around it', async () => {
  const text = `export const a = table('a', { columns: { id: bigint(), at: timestamptz() }, primaryKey: ['id'], partitionBy: range('at', { every: '1 month' }) });`;
  expect(await typesOf(text)).toEqual([
    {
      code: 'type-rule',
      severity: 'error',
      message: 'the primary key must contain the partition key column "at"',
      place: { file: 'schema/a.ts', line: 2, column: text.indexOf('primaryKey') + 1 },
    },
  ]);
});

it('leaves it to the loader to say that the folder is missing', async () => {
  expect(await inProject({}, (root) => checkTypes(root))).toEqual([]);
});
