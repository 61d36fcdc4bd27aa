/** All that the compiler knows of foreign keys. */
import { address } from '../../model/address.ts';
import { partsOf, sameJson } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import { renameConstraint } from '../constraint-sql.ts';
import type { DescribeContext, Kind } from '../contract.ts';
import { tableOf } from '../statements.ts';
import { foreignKeyAuthor } from './author.ts';
import { exchangeForeignKey } from './exchange.ts';
import { introspectForeignKeys } from './introspect.ts';
import type { ForeignKey } from './object.ts';
import { createForeignKey, dropForeignKey, foreignKeyRules, replaceForeignKey } from './statements.ts';

/** One row for one row where the referencing columns are a key themselves. */
function cardinality(key: ForeignKey, context: DescribeContext): 'one' | 'many' {
  const columns = [...key.attributes.columns].sort();
  const unique = partsOf(context.state, tableOf(key)).some(
    (part) =>
      'include' in part.attributes && 'columns' in part.attributes && sameJson([...(part.attributes.columns as string[])].sort(), columns),
  );
  return unique ? 'one' : 'many';
}

function optionalReference(key: ForeignKey, context: DescribeContext): boolean {
  return key.attributes.columns.some((column) => {
    const attributes = context.state.get(address('column', ...key.path.slice(0, 2), column))?.attributes as
      { nullable?: boolean } | undefined;
    return attributes?.nullable === true;
  });
}

export const foreignKeyKind: Kind<ForeignKey> = {
  kind: 'foreign-key',
  introspect: introspectForeignKeys,
  create: createForeignKey,
  drop: dropForeignKey,
  alter: foreignKeyRules,
  replace: replaceForeignKey,
  exchange: exchangeForeignKey,
  rename: renameConstraint,
  namesFollow: true,
  describe: (key, context) => [
    {
      node: 'edge',
      id: key.id,
      form: 'foreign key',
      name: key.path[2] ?? '',
      from: tableOf(key),
      fromColumns: key.attributes.columns,
      to: key.attributes.references,
      toColumns: key.attributes.referencedColumns,
      cardinality: cardinality(key, context),
      optional: optionalReference(key, context),
      ...optional('onDelete', key.attributes.onDelete === 'no action' ? undefined : key.attributes.onDelete),
      ...optional('onUpdate', key.attributes.onUpdate === 'no action' ? undefined : key.attributes.onUpdate),
      ...optional('doc', context.annotation(key.id).doc),
    },
  ],
  author: foreignKeyAuthor,
};
