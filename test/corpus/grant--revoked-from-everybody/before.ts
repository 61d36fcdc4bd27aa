import { domain, enumType, project, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const mood = enumType('mood', ['sad']);
export const short = domain('short', { type: text() });
