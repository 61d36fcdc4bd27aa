import { bigint, func, procedure, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const touch = func('touch', {
  returns: 'trigger',
  language: 'plpgsql',
  body: sql`BEGIN RETURN NEW; END`,
  doc: 'Does it.',
});
export const other = func('other', { returns: 'trigger', language: 'plpgsql', body: sql`BEGIN RETURN NULL; END` });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  triggers: { touch_it: { when: 'before', on: ['update'], execute: () => touch, doc: 'Other.' } },
});
export const shout = func('shout', {
  args: { t: text() },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper(t)`,
});
export const clean = procedure('clean', {
  args: { up_to: bigint() },
  language: 'plpgsql',
  body: sql`
BEGIN
  DELETE FROM ${items} WHERE id < up_to;
END`,
  doc: 'Sweeps.',
});
