import { func, integer, procedure, project, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const total = func('total', {
  args: { price: integer() },
  returns: integer(),
  language: 'sql',
  body: 'SELECT price + 1',
  ownerRole: 'schemac_owner',
});
export const tidy = procedure('tidy', { args: { name: text() }, language: 'sql', body: 'SELECT', ownerRole: 'schemac_owner' });
