import { bigint, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const old = table('old', { columns: { id: bigint() }, primaryKey: ['id'] });
