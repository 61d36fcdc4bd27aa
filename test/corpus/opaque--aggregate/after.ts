import { bigint, opaque, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const joined = opaque('joined', {
  create: sql`
    CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
    COMMENT ON AGGREGATE joined(text) IS 'One text of many.';
    CREATE OPERATOR ||| (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat)`,
  drop: sql`DROP OPERATOR ||| (text, text); DROP AGGREGATE joined(text)`,
});
