import { project, sequence } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers', { increment: -1, maximum: 100, minimum: -1000, start: 100 });
