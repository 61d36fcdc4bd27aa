import { project, schema } from 'schemac';

export const settings = project({ postgres: 14 });
export const archive = schema('archive');
export const shared = schema('public');
