import { bigint, domain, integer, ofType, project, rangeType, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const spans = rangeType('spans', { subtype: integer(), doc: 'Spans.' });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const some = domain('some_spans', { type: ofType(spans), checks: { some: sql`NOT isempty(VALUE)` } });
