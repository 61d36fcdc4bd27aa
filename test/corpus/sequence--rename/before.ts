import { project, sequence } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers', { renamedFrom: 'others' });
