/** What PostgreSQL's own parser tells of a statement that somebody wrote by hand. */
import { describe, expect, it } from 'vitest';
import { statementFacts, type StatementFacts } from '../../compiler/sql/statement-facts.ts';

const nothing = { writes: [], empties: [], deletesFrom: [], renames: false, relations: [], roles: [] };

describe('the facts of a statement', () => {
  it.each<[string, Partial<StatementFacts>]>([
    [
      'TRUNCATE orders, "Odd"."Name" CASCADE',
      { form: 'TruncateStmt', empties: [['orders'], ['Odd', 'Name']], relations: [['orders'], ['Odd', 'Name']] },
    ],
    ['DELETE FROM ONLY orders', { form: 'DeleteStmt', empties: [['orders']], writes: [['orders']], relations: [['orders']] }],
    [
      'DELETE FROM public.orders WHERE id < 9',
      { form: 'DeleteStmt', deletesFrom: [['public', 'orders']], writes: [['public', 'orders']], relations: [['public', 'orders']] },
    ],
    [
      'WITH gone AS (DELETE FROM orders RETURNING *) INSERT INTO kept SELECT * FROM gone',
      { form: 'InsertStmt', empties: [['orders']], writes: [['kept'], ['orders']], relations: [['kept'], ['orders']] },
    ],
    ["SELECT 'DELETE FROM orders' -- TRUNCATE orders", { form: 'SelectStmt' }],
    ['GRANT SELECT ON orders TO "Bob", PUBLIC', { form: 'GrantStmt', relations: [['orders']], roles: ['Bob'] }],
    ['ALTER TABLE orders RENAME TO orders_old', { form: 'RenameStmt', renames: true, relations: [['orders']] }],
    ['ALTER TABLE orders SET SCHEMA archive', { form: 'AlterObjectSchemaStmt', renames: true, relations: [['orders']] }],
    [
      'DO $$ BEGIN LOOP DELETE FROM orders WHERE id < 9; EXIT WHEN NOT FOUND; COMMIT; END LOOP; TRUNCATE lines; END $$',
      { form: 'DoStmt', empties: [['lines']], deletesFrom: [['orders']], writes: [['orders']], relations: [['orders'], ['lines']] },
    ],
  ])('%s', async (sql, expected) => {
    const facts = await statementFacts(sql);
    expect({ ...facts, relations: [...(facts?.relations ?? [])].sort() }).toEqual({
      ...nothing,
      ...expected,
      relations: [...(expected.relations ?? [])].sort(),
    });
  });

  it('is nothing where the parser does not take it', async () => {
    expect(await statementFacts('DELETE FORM orders')).toBeUndefined();
  });
});
