import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const touch = func('touch', {
  returns: 'trigger',
  language: 'plpgsql',
  body: sql`BEGIN RETURN NEW; END`,
  doc: 'Does nothing yet.',
});
export const other = func('other', { returns: 'trigger', language: 'plpgsql', body: sql`BEGIN RETURN NULL; END` });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  triggers: { touch_it: { when: 'before', on: ['update'], updateOf: ['name'], execute: () => touch, doc: 'Touches.' } },
});
