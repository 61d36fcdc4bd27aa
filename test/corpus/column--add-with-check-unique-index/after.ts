import { bigint, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), code: text({ nullable: true }), size: integer({ default: 1 }) },
  primaryKey: ['id'],
  checks: { code_form: sql`code <> ''` },
  uniques: { items_code_key: { columns: ['code'] } },
  indexes: { items_size: { on: 'size' } },
});
