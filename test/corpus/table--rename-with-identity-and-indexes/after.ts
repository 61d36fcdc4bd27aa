import { bigint, integer, project, self, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const ledgers = table('ledgers', {
  columns: { id: bigint({ identity: 'always' }), amount: integer({ default: 0 }), owner_id: self('id', { nullable: true }) },
  primaryKey: ['id'],
  uniques: [{ columns: ['amount', 'id'] }],
  checks: [sql`amount >= 0`],
  indexes: [{ on: ['amount'] }],
  renamedFrom: 'accounts',
});
