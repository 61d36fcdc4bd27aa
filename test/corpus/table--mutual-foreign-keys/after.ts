import { type AnyTable, bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});

export const teams = table('teams', {
  columns: { id: bigint(), lead_id: references((): AnyTable => members, 'id', { nullable: true }) },
  primaryKey: ['id'],
});
export const members = table('members', { columns: { id: bigint(), team_id: references(() => teams, 'id') }, primaryKey: ['id'] });
