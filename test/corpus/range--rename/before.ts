import { bigint, integer, ofType, project, rangeType, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const spans = rangeType('spans', { subtype: integer(), renamedFrom: 'stretches' });
export const items = table('items', { columns: { id: bigint(), held: ofType(spans.multirange, { nullable: true }) }, primaryKey: ['id'] });
