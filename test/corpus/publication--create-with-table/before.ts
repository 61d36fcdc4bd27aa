import { project, schema } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = schema('other');
