import { bigint, compositeType, project, rangeType, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const c = compositeType('c', { attributes: { a: text() } });
export const r = rangeType('r', { subtype: bigint() });
