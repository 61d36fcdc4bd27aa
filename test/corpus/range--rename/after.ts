import { bigint, integer, ofType, project, rangeType, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const spans = rangeType('stretches', { subtype: integer(), renamedFrom: 'spans' });
export const items = table('items', { columns: { id: bigint(), held: ofType(spans.multirange, { nullable: true }) }, primaryKey: ['id'] });
