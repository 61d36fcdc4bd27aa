import { bigint, integer, project, self, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const accounts = table('accounts', {
  columns: {
    id: bigint({ identity: 'always' }),
    amount: integer({ default: 0, renamedFrom: 'cents' }),
    owner_id: self('id', { nullable: true }),
  },
  primaryKey: ['id'],
  uniques: [{ columns: ['amount', 'id'] }],
  checks: [sql`amount >= 0`],
  indexes: [{ on: ['amount'] }],
  renamedFrom: 'ledgers',
});
