import { bigint, compositeType, domain, numeric, ofType, project, rangeType, sql, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });

export const price = domain('price', { type: numeric({ precision: 10, scale: 2 }), checks: { price_positive: sql`VALUE >= 0` } });
export const prices = rangeType('price_range', { subtype: ofType(price), doc: 'From and to.' });
export const words = rangeType('words', { subtype: text(), collation: 'C', operatorClass: 'text_pattern_ops', multirange: 'many_words' });
export const floats = rangeType('float_range', { subtype: numeric(), subtypeDiff: sql`pg_catalog.numrange_subdiff` });
export const slot = compositeType('slot', { attributes: { at: timestamptz(), prices: ofType(prices) } });
export const items = table('items', {
  columns: {
    id: bigint(),
    prices: ofType(prices, { nullable: true }),
    more: ofType(prices.multirange, { nullable: true }),
    slot: ofType(slot, { nullable: true }),
    words: ofType(words, { nullable: true }),
  },
  primaryKey: ['id'],
  exclusions: { items_once: { elements: [{ on: 'prices', with: '&&' }] } },
});
