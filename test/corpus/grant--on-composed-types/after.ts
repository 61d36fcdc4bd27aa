import { bigint, compositeType, project, rangeType, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const c = compositeType('c', { attributes: { a: text() }, grants: [{ revokedFrom: 'public', privileges: ['usage'] }] });
export const r = rangeType('r', { subtype: bigint(), grants: [{ to: 'schemac_reader', privileges: ['usage'] }] });
