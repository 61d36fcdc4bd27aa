/** What foreign keys ask, as PostgreSQL asks it (ri_triggers.c), planned with the declared queries. */
import { expect, it } from 'vitest';
import { referenceQueries } from '../../compiler/workload/reference-queries.ts';
import { createProject, expectDone } from '../commands/support.ts';
import { loadText } from '../load/project.ts';

const text = `
export const users = table('users', { columns: { id: bigint() }, primaryKey: ['id'], expectedRows: 100_000 });
export const orders = table('orders', { columns: { id: bigint(), user_id: references(() => users, 'id', { onDelete: 'cascade' }), payer: references(() => users, 'id', { nullable: true, onDelete: 'set null' }), at: timestamptz() },
  primaryKey: ['id', 'at'], expectedRows: 400_000, partitionBy: range('at', { every: '1 month', premake: 1, retain: '2 months' }), indexes: { orders_user: { on: 'user_id' } } });
export const logins = table('logins', { columns: { id: bigint(), user_id: references(() => users, 'id', { constraint: { name: 'logins_user' } }) }, primaryKey: ['id'], expectedRows: 900_000,
  indexes: { logins_some: { on: 'user_id', where: sql\`id > 5\` } } });
`;
const declaredQuery =
  "export const one = query('one', { purpose: 'Asked.', sql: sql`SELECT id FROM ${users} WHERE id = :id`, samples: { id: 1 } });";

it('is a DELETE, an UPDATE or a locking SELECT, with ONLY where there are no partitions', async () => {
  const declared = await loadText(text);
  expect(referenceQueries(declared).map(({ name, sql }) => [name, sql])).toEqual([
    ['foreign key: foreign-key public.orders.orders_user_id_fkey', 'DELETE FROM public.orders WHERE :key_1 OPERATOR(pg_catalog.=) user_id'],
    [
      'foreign key: foreign-key public.orders.orders_payer_fkey',
      'UPDATE public.orders SET payer = NULL WHERE :key_1 OPERATOR(pg_catalog.=) payer',
    ],
    [
      'foreign key: foreign-key public.logins.logins_user',
      'SELECT 1 FROM ONLY public.logins referencing_row WHERE :key_1 OPERATOR(pg_catalog.=) user_id FOR KEY SHARE OF referencing_row',
    ],
  ]);
});

it('is found where it reads a large table whole, with what it costs, and stands in the documents', async () => {
  const words = 'bigint query range references sql table timestamptz';
  const project = await createProject({
    'schema/main.ts': `import { ${words.split(' ').join(', ')} } from 'schemac';\n${text}${declaredQuery}\n`,
  });
  const result = await project.compile();
  expectDone(result);
  const found = result.diagnostics.filter(({ code }) => code === 'foreign-key-without-index');
  expect(found.map(({ subject, message }) => `${subject ?? ''}: ${message.replace(/cost of [\d,]+/, 'cost of N')}`)).toEqual([
    'foreign-key public.orders.orders_payer_fkey: no index begins with the columns of foreign key public.orders.orders_payer_fkey (payer): deleting a referenced row reads the whole table, 400,000 rows, 4 partitions, at a cost of N for each',
    'foreign-key public.logins.logins_user: no index begins with the columns of foreign key public.logins.logins_user (user_id): deleting a referenced row reads the whole table, 900,000 rows, at a cost of N for each',
  ]);
  const page = project.read('generated/docs/queries.md');
  expect(page).toMatch(/## Foreign keys[^]*`orders_user_id_fkey`[^]*`orders_user`/);
  expect(project.read('generated/queries.ts')).not.toContain('foreign');
});
