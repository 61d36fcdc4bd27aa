/** All that the compiler knows of tables as such; columns, constraints and rules are kinds of their own. */
import { partsOf, type State } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { tableAuthor } from './author.ts';
import { introspectTables } from './introspect.ts';
import type { Table } from './object.ts';
import { createTable, dropTable, renameTable, tableRules } from './statements.ts';

/** The partition rule in words: the key, and what a rule on it says. */
function partitionWords(object: Table, state: State): string | undefined {
  const key = object.attributes.partitionBy;
  if (key === undefined) return undefined;
  const rule = partsOf(state, object.id).find((part) => 'every' in part.attributes)?.attributes as
    { readonly every: string; readonly retain?: string; readonly onRetire: string; readonly archiveSchema?: string } | undefined;
  if (rule === undefined) return key;
  const after =
    rule.onRetire === 'archive'
      ? `then moved to schema ${rule.archiveSchema}`
      : rule.onRetire === 'drop'
        ? 'then dropped'
        : 'then detached';
  return `${key}, one partition every ${rule.every}${rule.retain === undefined ? ', kept for good' : `, kept ${rule.retain}, ${after}`}`;
}

export const tableKind: Kind<Table> = {
  kind: 'table',
  introspect: introspectTables,
  create: createTable,
  drop: dropTable,
  alter: tableRules,
  rename: renameTable,
  describe: (object, context) => {
    const annotation = context.annotation(object.id);
    return [
      {
        node: 'table',
        id: object.id,
        form: annotation.external === true ? 'external table' : 'table',
        schema: object.path[0] ?? '',
        name: object.path[1] ?? '',
        ...optional('doc', annotation.doc),
        ...optional('group', annotation.group),
        ...optional('owner', annotation.owner),
        ...(object.attributes.rowSecurity === 'off' ? {} : { rowSecurity: object.attributes.rowSecurity }),
        ...optional('partition', partitionWords(object, context.state)),
      },
    ];
  },
  author: tableAuthor,
};
