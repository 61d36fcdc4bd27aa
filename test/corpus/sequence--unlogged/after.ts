import { project, sequence } from 'schemac';

export const settings = project({ postgres: 15 });
export const numbers = sequence('numbers', { start: 5, persistence: 'unlogged' });
