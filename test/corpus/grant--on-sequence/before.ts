import { project, sequence } from 'schemac';

export const settings = project({ postgres: 14 });
export const s = sequence('s');
