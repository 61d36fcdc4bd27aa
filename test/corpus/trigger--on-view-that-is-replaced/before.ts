import { bigint, func, project, sql, table, text, view } from 'schemac';

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
});
export const names = view('names', {
  query: sql`SELECT id, name FROM ${items}`,
  doc: 'Names.',
  triggers: { write_it: { when: 'instead of', on: ['insert'], execute: () => touch, doc: 'Writes.' } },
});
