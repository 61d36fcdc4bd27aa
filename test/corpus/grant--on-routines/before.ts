import { func, integer, procedure, project } from 'schemac';

export const settings = project({ postgres: 14 });
export const total = func('total', {
  args: { price: integer(), pieces: integer() },
  returns: integer(),
  language: 'sql',
  body: 'SELECT price * pieces',
});
export const hostile = func('do "it"', { args: [integer()], returns: 'void', language: 'sql', body: 'SELECT' });
export const tidy = procedure('tidy', { language: 'sql', body: 'SELECT' });
