import { bigint, compositeType, project, publication, rangeType, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const c = compositeType('c', { attributes: { a: text() }, ownerRole: 'schemac_owner' });
export const r = rangeType('r', { subtype: bigint(), ownerRole: 'schemac_owner' });
export const p = publication('p', { tables: [], ownerRole: 'schemac_owner' });
