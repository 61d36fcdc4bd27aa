import { bigint, opaque, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const shout = opaque('shout', {
  create: sql`CREATE AGGREGATE all_of(text) (SFUNC = textcat, STYPE = text); CREATE FUNCTION shout(given text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(given)'`,
  drop: sql`DROP FUNCTION shout(text); DROP AGGREGATE all_of(text)`,
});
export const names = view('names', { doc: 'Loud.', query: sql`SELECT id, shout(name) AS loud FROM ${items}` });
export const some = view('some', { query: sql`SELECT id FROM ${names} WHERE loud <> 'A'` });
