import { integer, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const a = table('a', { columns: { id: integer() } });
