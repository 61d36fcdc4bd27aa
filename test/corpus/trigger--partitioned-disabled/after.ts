import { bigint, func, project, range, sql, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const touch = func('touch', {
  returns: 'trigger',
  language: 'plpgsql',
  body: sql`BEGIN RETURN NEW; END`,
  doc: 'Does nothing yet.',
});
export const other = func('other', { returns: 'trigger', language: 'plpgsql', body: sql`BEGIN RETURN NULL; END` });
export const events = table('events', {
  columns: { id: bigint(), at: timestamptz(), name: text({ nullable: true }) },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
  triggers: { touch_it: { when: 'before', on: ['update'], execute: () => touch, enabled: 'disabled' } },
});
