import { domain, enumType, project, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const mood = enumType('mood', ['sad'], {
  grants: [
    { revokedFrom: 'public', privileges: ['usage'] },
    { to: 'schemac_reader', privileges: ['usage'] },
  ],
});
export const short = domain('short', { type: text(), grants: [{ revokedFrom: 'public', privileges: ['usage'] }] });
