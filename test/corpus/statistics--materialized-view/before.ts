import { bigint, materializedView, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint() } });
export const m = materializedView('m', { query: sql`SELECT id AS a, id % 3 AS b FROM ${items}` });
