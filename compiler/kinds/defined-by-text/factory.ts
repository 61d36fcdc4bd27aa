/**
 * Kinds that are carried whole, as the SQL that makes them: one class of objects is a catalog query
 * that composes its CREATE in PostgreSQL's own spelling, as pg_dump does. Any change is a drop and a
 * create with all that rests on the object. No class is named here.
 */
import { address, pathText } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { numberOf, optional, textsOf } from '../catalog.ts';
import type { CatalogEntries, CatalogIdentity, CatalogRow, IntrospectionContext, Kind, PlanContext } from '../contract.ts';
import { lock } from '../statements.ts';
import { textTarget, type TextKindName } from '../text-targets.ts';

export interface TextAttributes {
  /** The statements that make it, as they run one after another. */
  readonly create: readonly string[];
}
export type TextObject<Name extends TextKindName = TextKindName> = SchemaObject<Name, TextAttributes>;

export interface TextDefinition<Name extends TextKindName> {
  readonly kind: Name;
  /** The catalog whose rows the objects are. */
  readonly catalog: string;
  /** Without which there are none: all of the catalog where absent. */
  readonly entries?: CatalogEntries;
  /**
   * Gives `oid`, `path` (JSON array) and `"create"` (JSON array of statements); where the object goes
   * with a relation that one's oid as `relation`, and in `also` further entries `[catalog, oid]` that
   * stand for it.
   */
  readonly query: (context: IntrospectionContext) => string;
  /** What is lost besides, where the object is dropped. */
  readonly dropHazards?: (object: TextObject<Name>, context: PlanContext) => Statement['hazards'];
}

function words({ kind, path }: SchemaObject): string {
  return `${kind.replaceAll('-', ' ')} ${pathText(path)}`;
}

function create(object: TextObject): readonly Statement[] {
  const texts = object.attributes.create;
  return texts.map((sql, place) =>
    statement({
      sql,
      purpose: `Create ${words(object)}${texts.length === 1 ? '' : `, ${String(place + 1)} of ${String(texts.length)}`}.`,
      subject: object.id,
      needs: object.dependsOn,
      locks: object.partOf === undefined ? [] : lock('AccessExclusiveLock', object.partOf),
      makes: place === texts.length - 1 ? [object.id] : [],
      ...(texts.length === 1 ? {} : { atomic: `create ${object.id}` }),
      ...(place === texts.length - 1 ? { reverse: `DROP ${textTarget(object.kind, object.path)}` } : {}),
    }),
  );
}

function drop(object: TextObject, hazards: Statement['hazards'], context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(object.id);
  return [
    statement({
      sql: `DROP ${textTarget(object.kind, object.path)}`,
      purpose: `Drop ${words(object)}${comesBack ? ', to be made again' : ''}.`,
      subject: object.id,
      destroys: [object.id],
      locks: object.partOf === undefined ? [] : lock('AccessExclusiveLock', object.partOf),
      hazards,
      reverse: object.attributes.create.join(';\n'),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

function read<Name extends TextKindName>({ kind, catalog }: TextDefinition<Name>, row: CatalogRow, context: IntrospectionContext) {
  const path = textsOf(row, 'path');
  const relation = row['relation'];
  const owner = typeof relation === 'number' ? context.resolve({ catalog: 'pg_class', oid: relation }) : undefined;
  if (typeof relation === 'number' && owner === undefined) return undefined;
  const also = (row['also'] ?? []) as readonly (readonly [string, number])[];
  return {
    object: { kind, id: address(kind, ...path), path, ...optional('partOf', owner), attributes: { create: textsOf(row, 'create') } },
    identities: [{ catalog, oid: numberOf(row, 'oid') }, ...also.map(([name, oid]): CatalogIdentity => ({ catalog: name, oid }))],
  };
}

/** The kind of a class of objects. */
export function textKind<Name extends TextKindName>(definition: TextDefinition<Name>): Kind<TextObject<Name>> {
  const { kind, query, catalog, dropHazards = () => [] } = definition;
  return {
    kind,
    introspect: {
      query,
      entries: definition.entries ?? { catalog },
      read: (row, context) => read(definition, row, context),
    },
    create: (object) => create(object),
    drop: (object, context) => drop(object, dropHazards(object, context), context),
    alter: { create: { statements: 'replace' } },
    describe: () => [],
    author: {
      writes: 'opaque',
      because: `the schema language has no word for ${/^[aeo]/.test(kind) ? 'an' : 'a'} ${kind.replaceAll('-', ' ')}`,
    },
  };
}

/** SQL that leaves an option out where its value is null: `option('SSPACE', …)`. */
export function option(name: string, value: string): string {
  return `'${name} = ' || (${value})`;
}

/** SQL of a qualified operator, `OPERATOR(app.===)`, null where there is none. */
export function operatorName(oid: string): string {
  return `(SELECT format('OPERATOR(%I.%s)', on_.nspname, o_.oprname) FROM pg_operator o_ JOIN pg_namespace on_ ON on_.oid = o_.oprnamespace WHERE o_.oid = ${oid})`;
}

/** SQL of a function's name, null where there is none. */
export function functionName(oid: string): string {
  return `nullif(${oid}::oid, 0)::regproc::text`;
}

/** SQL of ` OPTIONS (name 'value', …)` from an array such as srvoptions, empty where there is none. */
export function optionsClause(array: string): string {
  return `coalesce((SELECT ' OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name COLLATE "C") || ')' FROM pg_options_to_table(${array})), '')`;
}
