/** All that the compiler knows of columns. */
import { address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { quoteName } from '../../sql/quote.ts';
import { optional } from '../catalog.ts';
import type { DescribeContext, Kind } from '../contract.ts';
import { columnAuthor } from './author.ts';
import { exchangeColumn } from './exchange.ts';
import { introspectColumns } from './introspect.ts';
import type { Column } from './object.ts';
import { createColumn } from './create.ts';
import { canStandBeside } from './rename-beside.ts';
import { columnRules, dropColumn, renameColumn } from './statements.ts';

function valueWords(column: Column, context: DescribeContext): string | undefined {
  const { identity, generated } = column.attributes;
  if (identity !== undefined) return `identity, ${identity.generation}`;
  if (generated !== undefined) return `generated (${generated.form}): ${generated.expression}`;
  const given = partsOf(context.state, column.id).find((part) => 'expression' in part.attributes);
  return given === undefined ? undefined : String((given.attributes as { expression?: string }).expression);
}

export const columnKind: Kind<Column> = {
  kind: 'column',
  introspect: introspectColumns,
  create: createColumn,
  drop: dropColumn,
  alter: columnRules,
  rename: renameColumn,
  exchange: exchangeColumn,
  standsBeside: canStandBeside,
  condition: (column) => (column.attributes.nullable ? undefined : `${quoteName(column.path[2] ?? '')} IS NOT NULL`),
  describe: (object, context) => {
    const annotation = context.annotation(object.id);
    const enumeration = object.dependsOn.find((id) => /^(?:enum|domain|composite|range) /.test(id));
    return [
      {
        node: 'column',
        id: object.id,
        table: object.partOf ?? address('table', ...object.path.slice(0, 2)),
        name: object.path[2] ?? '',
        type: object.attributes.type,
        nullable: object.attributes.nullable,
        ...optional('value', valueWords(object, context)),
        ...optional('doc', annotation.doc),
        ...optional('pii', annotation.pii),
        ...optional('enumeration', enumeration),
      },
    ];
  },
  author: columnAuthor,
};
