import { project, sequence } from 'schemac';

export const settings = project({ postgres: 14 });
export const s = sequence('s', {
  grants: [
    { to: 'schemac_reader', privileges: ['usage', 'select'] },
    { to: 'public', privileges: ['update'] },
  ],
});
