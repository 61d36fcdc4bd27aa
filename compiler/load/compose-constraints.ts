/** Primary keys, unique constraints, checks and exclusion constraints of a table become objects. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareCheck } from '../kinds/check/declare.ts';
import { declareExclusion } from '../kinds/exclusion/declare.ts';
import { declarePrimaryKey } from '../kinds/primary-key/declare.ts';
import { declareUnique } from '../kinds/unique/declare.ts';
import { nameList, quoteName } from '../sql/quote.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { CheckInput, ExclusionInput, Notes as WrittenNotes, UniqueInput } from '../dsl/table.ts';
import type { Sql } from '../dsl/sql.ts';
import { itemsOf, storage } from './common-parts.ts';
import { reportUnknownColumn } from './column-types.ts';
import { present } from './context.ts';
import type { Notes } from './context.ts';
import type { TableContext } from './compose-table.ts';
import { keyText, keyName } from './index-keys.ts';
import { checkPartitionKey } from './partition-key.ts';
import { renderSql } from './render-sql.ts';
import type { SqlPlace } from './render-sql.ts';
import { constraintSpace } from './schema-names.ts';
import { checkSince } from './since.ts';
import type { DeclaredKey } from './table-keys.ts';

/** Primary and unique keys. */
export function composeKeys(inner: TableContext): void {
  for (const key of inner.keys.get(inner.table) ?? []) {
    const { input, name, keys, form } = key;
    const what = form === 'primary-key' ? 'the primary key' : `unique key "${name}"`;
    const needs = columnNeeds([...input.columns, ...(input.include ?? [])], what, keys, inner);
    checkPartitionKey(input.columns, what, keys, inner);
    if (input.withoutOverlaps === true) checkSince('without-overlaps', what, { at: inner.table.origin, keys }, inner);
    claimConstraint(name, `${what} of table "${inner.table.name}"`, key.id, keys, inner, 'relation');
    const shared = {
      on: inner.id,
      path: [...inner.path, name] as const,
      columns: input.columns,
      include: input.include ?? [],
      deferral: input.deferral ?? ('not deferrable' as const),
      storageParameters: storage(input.storageParameters),
      ...present({
        tablespace: input.tablespace,
        period: input.withoutOverlaps,
        clustered: input.clustered,
        replicaIdentity: input.replicaIdentity,
      }),
      needs,
    };
    const object =
      form === 'primary-key' ? declarePrimaryKey(shared) : declareUnique({ ...shared, nullsNotDistinct: distinctness(key, inner) });
    inner.add(object, inner.table.origin, keys, constraintNotes(form, input, inner));
  }
}

function distinctness({ input, name, keys }: DeclaredKey, inner: TableContext): boolean {
  const set = (input as UniqueInput).nullsNotDistinct === true;
  if (set) checkSince('nulls-not-distinct', `unique key "${name}"`, { at: inner.table.origin, keys }, inner);
  return set;
}

/** Addresses of columns of the table; a name that it does not have is reported. */
export function columnNeeds(names: readonly string[], what: string, keys: readonly string[], inner: TableContext): readonly Address[] {
  const needs: Address[] = [];
  for (const name of names) {
    const id = inner.columnIds.get(name);
    if (id !== undefined) needs.push(id);
    else reportUnknownColumn(name, inner.table, `${what} of table "${inner.table.name}"`, { at: inner.table.origin, keys }, inner);
  }
  if (new Set(names).size < names.length) {
    inner.report({
      code: 'duplicate-column',
      message: `${what} of table "${inner.table.name}" names a column twice`,
      hint: 'name each column once',
      at: inner.table.origin,
      keys,
    });
  }
  return needs;
}

/** Claims a constraint's name; those with an index are relations of the schema as well. */
export function claimConstraint(
  name: string,
  what: string,
  subject: Address,
  keys: readonly string[],
  inner: TableContext,
  form: 'relation' | 'constraint',
): void {
  const namespaces = [constraintSpace(inner.path), ...(form === 'relation' ? [`relation ${inner.path[0]}`] : [])];
  inner.names.claim({ namespaces, name, what, subject, at: inner.table.origin, keys });
}

/** Notes of a constraint; its former name becomes a former address. */
export function constraintNotes(kind: string, written: WrittenNotes, inner: TableContext): Notes {
  const { doc, renamedFrom, suppress } = written;
  return present({
    doc,
    renamedFrom: renamedFrom === undefined ? undefined : address(kind, ...inner.path, renamedFrom),
    suppress,
  });
}

/** Checks. Their text may name any column of the table, so they need all of them. */
export function composeChecks(inner: TableContext): void {
  for (const { name: written, input, keys } of itemsOf<Sql | CheckInput>(inner.table.definition.checks, 'checks')) {
    const check: CheckInput =
      wordOf(input) === undefined && typeof input === 'object' ? (input as CheckInput) : { expression: input as Sql };
    const name = written ?? inner.names.giver(constraintSpace(inner.path)).give(inner.path[1], [], 'check');
    const what = `check "${name}" of table "${inner.table.name}"`;
    const { text, needs } = renderSql(check.expression, { at: inner.table.origin, keys, what }, inner);
    if (check.enforced === false) checkSince('not-enforced', what, { at: inner.table.origin, keys }, inner);
    const object = declareCheck({
      on: inner.id,
      path: [...inner.path, name],
      expression: text,
      noInherit: check.noInherit ?? false,
      validated: check.enforced !== false,
      ...(check.enforced === false ? { enforced: false as const } : {}),
      needs: [...needs, ...inner.columnIds.values()],
    });
    claimConstraint(name, what, object.id, keys, inner, 'constraint');
    inner.add(object, inner.table.origin, keys, constraintNotes('check', check, inner));
  }
}

/** Exclusion constraints, as `EXCLUDE USING gist (room WITH =, period WITH &&)`. */
export function composeExclusions(inner: TableContext): void {
  for (const { name: written, input, keys } of itemsOf<ExclusionInput>(inner.table.definition.exclusions, 'exclusions')) {
    const parts = input.elements.map((element) => keyName(element.on));
    const name = written ?? inner.names.giver(`relation ${inner.path[0]}`).give(inner.path[1], parts, 'excl');
    const what = `exclusion "${name}" of table "${inner.table.name}"`;
    const where = { at: inner.table.origin, keys };
    if (inner.table.definition.partitionBy !== undefined) checkSince('partitioned-exclusion', what, where, inner);
    const { definition, needs } = exclusionText(input, what, keys, inner);
    const object = declareExclusion({
      on: inner.id,
      path: [...inner.path, name],
      definition,
      ...present({ clustered: input.clustered }),
      needs,
    });
    claimConstraint(name, what, object.id, keys, inner, 'relation');
    inner.add(object, inner.table.origin, keys, constraintNotes('exclusion', input, inner));
  }
}

function exclusionText(input: ExclusionInput, what: string, keys: readonly string[], inner: TableContext) {
  const place = { at: inner.table.origin, keys, what };
  const needs: Address[] = [...inner.columnIds.values()];
  const elements = input.elements.map((element) => {
    const key = keyText(element.on, place, inner.columnIds, inner.table, inner);
    needs.push(...key.needs);
    return `${key.text} WITH ${operatorText(element.with, place, inner)}`;
  });
  let definition = `EXCLUDE USING ${quoteName(input.method ?? 'gist')} (${elements.join(', ')})`;
  if (input.include !== undefined && input.include.length > 0) {
    columnNeeds(input.include, what, keys, inner);
    definition += ` INCLUDE (${nameList(input.include)})`;
  }
  if (input.where !== undefined) {
    const where = renderSql(input.where, place, inner);
    needs.push(...where.needs);
    definition += ` WHERE (${where.text})`;
  }
  if (input.deferral === 'deferrable') definition += ' DEFERRABLE';
  if (input.deferral === 'initially deferred') definition += ' DEFERRABLE INITIALLY DEFERRED';
  return { definition, needs };
}

/** An operator is made of these characters alone (manual §4.1.3), or written `OPERATOR(schema.op)`. */
const operatorForm = /^(?:[-+*/<>=~!@#%^&|`?]+|OPERATOR\((?:\w+\.)?[-+*/<>=~!@#%^&|`?]+\))$/i;

function operatorText(operator: string, place: SqlPlace, inner: TableContext): string {
  if (typeof operator === 'string' && operatorForm.test(operator)) return operator;
  inner.report({
    code: 'invalid-operator',
    message: `${place.what} compares with ${JSON.stringify(operator)}, which is no operator`,
    hint: "write one such as '=' or '&&'",
    at: place.at,
    keys: place.keys,
  });
  return '=';
}
