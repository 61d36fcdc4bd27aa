import { bigint, integer, project, self, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const ledgers = table('ledgers', {
  columns: {
    id: bigint({ identity: 'always' }),
    cents: integer({ default: 0, renamedFrom: 'amount' }),
    owner_id: self('id', { nullable: true }),
  },
  primaryKey: ['id'],
  uniques: [{ columns: ['cents', 'id'] }],
  checks: [sql`cents >= 0`],
  indexes: [{ on: ['cents'] }],
  renamedFrom: 'accounts',
});
