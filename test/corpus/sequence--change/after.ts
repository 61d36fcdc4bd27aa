import { project, sequence } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers', { increment: 3, maximum: 9000, cache: 7, cycle: true, start: 4 });
