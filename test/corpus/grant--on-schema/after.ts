import { project, schema } from 'schemac';

export const settings = project({ postgres: 14 });
export const archive = schema('archive', { grants: [{ to: 'schemac_reader', privileges: ['usage', 'create'] }] });
export const shared = schema('public', {
  grants: [
    { revokedFrom: 'public', privileges: ['usage'] },
    { to: 'schemac_reader', privileges: ['usage'] },
  ],
});
