/** All that the compiler knows of tables as such; columns, constraints and rules are kinds of their own. */
import { partsOf, type State } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { tableAuthor } from './author.ts';
import { introspectTables } from './introspect.ts';
import { keepOldName } from './keep-old-name.ts';
import type { Table } from './object.ts';
import { createTable, dropTable, renameTable, tableRules } from './statements.ts';

interface RuleWords {
  readonly every?: string;
  readonly key?: string;
  readonly retain?: string;
  readonly onRetire: string;
  readonly archiveSchema?: string;
  readonly grace?: string;
  readonly managedBy?: string;
  readonly within?: PartitionedAgain;
}

interface PartitionedAgain {
  readonly key: string;
  readonly parts: readonly { readonly name: string; readonly within?: PartitionedAgain }[];
}

/** `by HASH (id) into 4`, `by LIST (region) into eu, rest`. */
function partedWords({ key, parts }: PartitionedAgain): string {
  const below = parts.find(({ within }) => within !== undefined)?.within;
  const names = key.startsWith('HASH') ? String(parts.length) : parts.map(({ name }) => name).join(', ');
  return `by ${key} into ${names}${below === undefined ? '' : `, and again ${partedWords(below)}`}`;
}

/** What becomes of a partition past retention, and when its rows are gone. */
function afterwards({ onRetire, archiveSchema = '', grace }: RuleWords): string {
  const dropped = grace === undefined ? '' : `, dropped ${grace} later`;
  if (onRetire === 'archive') return `then moved to schema ${archiveSchema}${dropped}`;
  if (onRetire === 'keep') return 'then detached';
  return grace === undefined ? 'then dropped' : `then detached${dropped}`;
}

/** The partition rule in words: the key, and what a rule on it says. */
function partitionWords(object: Table, state: State): string | undefined {
  const key = object.attributes.partitionBy;
  if (key === undefined) return undefined;
  const rule = partsOf(state, object.id).find((part) => 'onRetire' in part.attributes)?.attributes as RuleWords | undefined;
  if (rule === undefined) return key;
  if (rule.managedBy !== undefined) return `${key}, partitions made and retired by ${rule.managedBy}`;
  const unit = rule.key === 'integer' ? ' keys' : '';
  const kept = rule.retain === undefined ? ', kept for good' : `, kept ${rule.retain}${unit}, ${afterwards(rule)}`;
  const parted = rule.within === undefined ? '' : `, each ${partedWords(rule.within)}`;
  return `${key}, one partition every ${rule.every ?? ''}${unit}${parted}${kept}`;
}

export const tableKind: Kind<Table> = {
  kind: 'table',
  introspect: introspectTables,
  create: createTable,
  drop: dropTable,
  alter: tableRules,
  rename: renameTable,
  keepOldName,
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
