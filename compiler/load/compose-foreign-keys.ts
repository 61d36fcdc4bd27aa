/**
 * Foreign keys become objects, whether they were written on a column or on the table, and soft
 * references become what the documents draw. A foreign key needs the key on the other side.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareForeignKey } from '../kinds/foreign-key/declare.ts';
import type { BoundColumn } from '../dsl/column.ts';
import type { ConstraintNotes, ReferenceBehaviour } from '../dsl/references.ts';
import type { AnyTable, ForeignKeyInput } from '../dsl/table.ts';
import { itemsOf } from './common-parts.ts';
import { isReference, reportUnknownColumn, targetTable } from './column-types.ts';
import { claimConstraint, columnNeeds, constraintNotes } from './compose-constraints.ts';
import type { TableContext } from './compose-table.ts';
import { relationPath } from './relation-path.ts';
import { present } from './context.ts';
import { constraintSpace } from './schema-names.ts';
import { checkSince } from './since.ts';

/** A foreign key in one form, however it was written. */
interface Written {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: AnyTable;
  readonly to: readonly string[];
  readonly behaviour: ReferenceBehaviour & Pick<ForeignKeyInput, 'onDeleteColumns' | 'period'>;
  readonly notes: ConstraintNotes;
  readonly keys: readonly string[];
}

export function composeForeignKeys(inner: TableContext): void {
  for (const column of inner.table.columnList) composeReference(column, inner);
  for (const { name: written, input, keys } of itemsOf<ForeignKeyInput>(inner.table.definition.foreignKeys, 'foreignKeys')) {
    const name = written ?? inner.names.giver(constraintSpace(inner.path)).give(inner.path[1], input.columns, 'fkey');
    const what = `foreign key "${name}" of table "${inner.table.name}"`;
    const target = input.references === 'self' ? inner.table : targetTable(input.references, inner, { at: inner.table.origin, keys, what });
    if (target !== undefined) {
      composeForeignKey({ name, columns: input.columns, target, to: input.to, behaviour: input, notes: input, keys }, inner);
    }
  }
}

function composeReference(column: BoundColumn, inner: TableContext): void {
  const { type } = column;
  if (type === undefined || !isReference(type) || type.form === 'soft reference') return;
  // A target that is unknown was reported when the type was resolved.
  const target = type.form === 'self' ? inner.table : quietTarget(type.target, inner);
  if (target?.columns[type.column] === undefined) return;
  const behaviour = column.options as ReferenceBehaviour;
  const notes = behaviour.constraint ?? {};
  const name = notes.name ?? inner.names.giver(constraintSpace(inner.path)).give(inner.path[1], [column.name], 'fkey');
  const keys = ['columns', column.name];
  composeForeignKey({ name, columns: [column.name], target, to: [type.column], behaviour, notes, keys }, inner);
}

/** The target where it is a declared table, without a word where it is not. */
export function quietTarget(target: () => unknown, inner: TableContext): AnyTable | undefined {
  return targetTable(target, { ...inner, report: () => undefined }, { at: inner.table.origin, what: '' });
}

function composeForeignKey(written: Written, inner: TableContext): void {
  const { name, columns, target, to, behaviour, notes, keys } = written;
  const what = `foreign key "${name}"`;
  const place = { at: inner.table.origin, keys };
  const targetPath = relationPath(target);
  if ((behaviour.onDeleteColumns ?? []).length > 0) checkSince('set-null-columns', what, place, inner);
  if (behaviour.period === true) checkSince('period', what, place, inner);
  const needs = [
    ...columnNeeds([...columns, ...(behaviour.onDeleteColumns ?? []).filter((each) => !columns.includes(each))], what, keys, inner),
  ];
  for (const each of to) {
    if (target.columns[each] !== undefined) needs.push(address('column', ...targetPath, each));
    else reportUnknownColumn(each, target, `${what} of table "${inner.table.name}"`, place, inner);
  }
  const object = declareForeignKey({
    on: inner.id,
    path: [...inner.path, name],
    columns,
    references: address('table', ...targetPath),
    referencedColumns: to,
    match: behaviour.match ?? 'simple',
    onUpdate: behaviour.onUpdate ?? 'no action',
    onDelete: behaviour.onDelete ?? 'no action',
    onDeleteColumns: behaviour.onDeleteColumns ?? [],
    deferral: behaviour.deferral ?? 'not deferrable',
    validated: true,
    ...present({ period: behaviour.period }),
    needs: [...needs, address('table', ...targetPath), ...referencedKey(written, inner)],
  });
  claimConstraint(name, `${what} of table "${inner.table.name}"`, object.id, keys, inner, 'constraint');
  inner.add(object, inner.table.origin, keys, constraintNotes('foreign-key', notes, inner));
}

/** The key that PostgreSQL enforces the reference with; without one it refuses the foreign key. */
function referencedKey({ target, to, columns, keys, name }: Written, inner: TableContext): readonly Address[] {
  if (columns.length !== to.length) {
    inner.report({
      code: 'reference-lengths',
      message: `foreign key "${name}" of table "${inner.table.name}" has ${columns.length} columns and refers to ${to.length}`,
      hint: 'give as many referenced columns (to) as columns',
      at: inner.table.origin,
      keys,
    });
    return [];
  }
  const wanted = [...to].sort().join('\0');
  const found = (inner.keys.get(target) ?? []).find((key) => [...key.input.columns].sort().join('\0') === wanted);
  if (found !== undefined) return [found.id];
  const index = uniqueIndex(target, wanted);
  if (index !== undefined) return [index];
  if (to.some((each) => target.columns[each] === undefined)) return [];
  inner.report({
    code: 'reference-without-key',
    message: `foreign key "${name}" of table "${inner.table.name}" refers to ${to.map((each) => `"${each}"`).join(', ')} of "${target.name}", which is no primary or unique key there`,
    hint: `declare the key in table "${target.name}", for example uniques: { … : { columns: [${to.map((each) => `'${each}'`).join(', ')}] } }; or use softReference`,
    at: inner.table.origin,
    keys,
  });
  return [];
}

/** A unique index serves as well, if it is on plain columns and not partial. */
function uniqueIndex(target: AnyTable, wanted: string): Address | undefined {
  for (const { name, input } of itemsOf(target.definition.indexes, 'indexes')) {
    const on = Array.isArray(input.on) ? input.on : [input.on];
    const plain = input.unique === true && input.where === undefined && on.every((each) => typeof each === 'string');
    if (plain && name !== undefined && [...on].sort().join('\0') === wanted) return address('index', relationPath(target)[0], name);
  }
  return undefined;
}
