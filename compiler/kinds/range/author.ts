/** A range type as source: `rangeType('price_range', { subtype: numeric() })`. */
import { partsOf } from '../../model/object.ts';
import { callNode, objectNode, valueNode } from '../../model/source.ts';
import { declarationOf, leftOpaque, literalOf, schemaField, type Author } from '../author.ts';
import { collationNode, columnCall, unlessUsual } from '../column-source.ts';
import type { Range } from './object.ts';

/** PostgreSQL's convention for the name of the multirange type (manual: CREATE TYPE). */
function usualMultirange(name: string): string {
  const usual = name.replace('range', 'multirange');
  return usual === name ? `${name}_multirange` : usual;
}

export const rangeAuthor: Author<Range> = {
  writes: 'type',
  inSql: 'name',
  author: (range, context) => {
    const { subtype, operatorClass, collation, canonical, subtypeDiff } = range.attributes;
    const [schema, name = ''] = range.path;
    const multirange = partsOf(context.state, range.id)[0];
    if (canonical !== undefined)
      return leftOpaque(range, 'it has a canonical function, which is made after the name of the type and before the type');
    if (multirange?.path[0] !== schema) return leftOpaque(range, 'its multirange type is in another schema');
    const own = {
      doc: undefined,
      schema: schemaField(range),
      subtype: columnCall(subtype, objectNode({}), context),
      operatorClass: operatorClass === undefined ? undefined : valueNode(operatorClass),
      collation: collationNode(collation),
      subtypeDiff: subtypeDiff === undefined ? undefined : context.sql(subtypeDiff, range.dependsOn),
      multirange: unlessUsual(multirange?.path[1], usualMultirange(name)),
    };
    const value = callNode('rangeType', valueNode(name), literalOf(own, context.fields(range.id)));
    return [declarationOf(range, 'type', 'users', value)];
  },
};
