import { bigint, domain, ofType, project, rangeType, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const spans = rangeType('spans', { subtype: text(), collation: 'C', operatorClass: 'text_pattern_ops', doc: 'Spans.' });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const some = domain('some_spans', { type: ofType(spans), checks: { some: sql`NOT isempty(VALUE)` } });
