import { bigint, opaque, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const touch = opaque('touch', {
  create: sql`CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$; CREATE TRIGGER touch BEFORE UPDATE ON ${items} FOR EACH ROW EXECUTE FUNCTION touch()`,
  drop: sql`DROP TRIGGER touch ON ${items}; DROP FUNCTION touch()`,
  dependsOn: [items],
});
