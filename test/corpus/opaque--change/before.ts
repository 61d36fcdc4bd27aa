import { bigint, opaque, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const upper_it = opaque('upper_it', {
  create: sql`CREATE FUNCTION upper_it(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $f$ SELECT upper(t) $f$`,
  drop: sql`DROP FUNCTION upper_it(text)`,
});
