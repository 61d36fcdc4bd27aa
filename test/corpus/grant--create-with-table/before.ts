import { bigint, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = table('other', { columns: { id: bigint() }, primaryKey: ['id'] });
