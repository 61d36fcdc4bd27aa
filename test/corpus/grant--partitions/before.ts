import { bigint, list, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const p = table('p', { columns: { id: bigint(), k: text() }, partitionBy: list('k', { children: { p_a: { values: ['a'] } } }) });
