import { bigint, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
