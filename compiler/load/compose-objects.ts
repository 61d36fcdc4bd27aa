/** Schemas, extensions, types, sequences, views and opaque objects become objects. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareDomain } from '../kinds/domain/declare.ts';
import { declareEnum } from '../kinds/enum/declare.ts';
import { declareExtension } from '../kinds/extension/declare.ts';
import { declareMaterializedView } from '../kinds/materialized-view/declare.ts';
import { declareOpaque } from '../kinds/opaque/declare.ts';
import { declareSchema } from '../kinds/schema/declare.ts';
import { declareSequence } from '../kinds/sequence/declare.ts';
import { declareView } from '../kinds/view/declare.ts';
import type {
  DomainDeclaration,
  EnumDeclaration,
  ExtensionDeclaration,
  MaterializedViewDeclaration,
  OpaqueDeclaration,
  SchemaDeclaration,
  SequenceDeclaration,
  ViewDeclaration,
} from '../dsl/words.ts';
import type { Sql } from '../dsl/sql.ts';
import { checkSchema, itemsOf, schemaNeeds, storage } from './common-parts.ts';
import { reportUnknownColumn, targetTable } from './column-types.ts';
import { composeDefaultPrivileges } from './compose-default-privileges.ts';
import { takeAccess } from './compose-grants.ts';
import { composeIndexes } from './compose-indexes.ts';
import { composeFunction, composeProcedure } from './compose-routines.ts';
import type { SchemaContext } from './compose-table.ts';
import { composePublication } from './compose-publications.ts';
import { composeStatistics } from './compose-statistics.ts';
import { composeComposite, composeRange } from './compose-types.ts';
import { composeTriggers } from './compose-triggers.ts';
import { present } from './context.ts';
import { collationText } from './index-keys.ts';
import { notesOf, placed } from './placed.ts';
import { relationPath, schemaName } from './relation-path.ts';
import { renderSql } from './render-sql.ts';
import { checkSince } from './since.ts';
import { ownSchemas } from '../kinds/own-schemas.ts';

type Composer = (declared: never, context: SchemaContext) => void;

/** How each word is composed; tables and the words of the design document have files of their own. */
export const objectComposers: { readonly [word: string]: Composer } = {
  schema: composeSchema,
  extension: composeExtension,
  enum: composeEnum,
  domain: composeDomain,
  composite: composeComposite,
  'range type': composeRange,
  sequence: composeSequence,
  view: composeView,
  'materialized view': composeMaterializedView,
  opaque: composeOpaque,
  publication: composePublication,
  'default privileges': composeDefaultPrivileges,
  function: composeFunction,
  procedure: composeProcedure,
};

function composeSchema(declared: SchemaDeclaration, context: SchemaContext): void {
  const { name, definition } = declared;
  const former = definition.renamedFrom === undefined ? undefined : address('schema', definition.renamedFrom);
  // PostgreSQL reserves the prefix (CREATE SCHEMA, manual); those of schemac hold our own tables, and others for a while.
  if (name.startsWith('pg_') || [...ownSchemas, 'information_schema'].includes(name)) {
    context.report({
      code: 'reserved-schema',
      message: `the schema "${name}" is reserved`,
      hint: 'give it another name',
      at: declared.origin,
    });
  }
  context.names.claim({ namespaces: ['schema'], name, what: `schema "${name}"`, at: declared.origin, keys: [] });
  // It is there in every database, and dropping it is nobody's wish.
  if (name !== 'public') context.add(declareSchema(name), declared.origin, [], present({ doc: definition.doc, renamedFrom: former }));
  takeAccess('schema', address('schema', name), declared, context);
}

function composeExtension(declared: ExtensionDeclaration, context: SchemaContext): void {
  const { name, definition } = declared;
  const schema = schemaName(definition.schema);
  context.names.claim({ namespaces: ['extension'], name, what: `extension "${name}"`, at: declared.origin, keys: [] });
  checkSchema(schema, declared.origin, ['schema'], context);
  const object = declareExtension({ name, schema, ...present({ version: definition.version }), needs: schemaNeeds(schema) });
  context.add(object, declared.origin, [], present({ doc: definition.doc }));
}

function composeEnum(declared: EnumDeclaration, context: SchemaContext): void {
  const { path, needs } = placed(declared, 'enum', ['type'], context);
  const { values } = declared;
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined || values.some((value) => Buffer.byteLength(value) > 63 || value === '')) {
    context.report({
      code: 'invalid-enum-value',
      message: `enum "${declared.name}" has ${twice === undefined ? 'a value that is empty or longer than 63 bytes' : `the value ${JSON.stringify(twice)} twice`}`,
      hint: 'values are distinct texts of 1 to 63 bytes',
      at: declared.origin,
    });
  }
  const object = declareEnum({ path, values, needs });
  const { renamedValues } = declared.definition;
  if (renamedValues !== undefined) checkRenamedValues(declared, renamedValues, context);
  context.add(object, declared.origin, [], { ...notesOf('enum', path, declared.definition), ...present({ renamedParts: renamedValues }) });
  takeAccess('enum', object.id, declared, context);
}

/** Each new label is one of the enum's and each former one is not, and no label had two. */
function checkRenamedValues(declared: EnumDeclaration, renamed: { readonly [now: string]: string }, context: SchemaContext): void {
  const { name, values } = declared;
  const former = Object.values(renamed);
  for (const [now, old] of Object.entries(renamed)) {
    const isWrong = !values.includes(now) || values.includes(old) || former.indexOf(old) !== former.lastIndexOf(old);
    if (!isWrong) continue;
    context.report({
      code: 'invalid-enum-value',
      message: `enum "${name}" cannot have its value ${JSON.stringify(now)} renamed from ${JSON.stringify(old)}`,
      hint: "renamedValues gives former labels by new ones, { sent: 'done' }: a new one is among the values, a former one is not",
      at: declared.origin,
      keys: ['renamedValues', now],
    });
  }
}

function composeDomain(declared: DomainDeclaration, context: SchemaContext): void {
  const { path, needs: schemaNeed } = placed(declared, 'domain', ['type'], context);
  const { definition } = declared;
  const needs: Address[] = [...schemaNeed];
  const rendered = (value: unknown, keys: readonly string[], what: string): string => {
    const { text, needs: more } = renderSql(value, { at: declared.origin, keys, what: `${what} of domain "${declared.name}"` }, context);
    needs.push(...more);
    return text;
  };
  const type = context.typeOf(declared as never, { ...definition.type, name: declared.name });
  needs.push(...(type?.needs ?? []));
  const giver = context.names.giver(`constraint domain ${path.join('.')}`);
  const checks = itemsOf<Sql>(definition.checks, 'checks').map(({ name, input, keys }) => ({
    name: name ?? giver.give(path[1], [], 'check'),
    expression: rendered(input, keys, 'a check'),
  }));
  const fallback = definition.default === undefined ? undefined : rendered(definition.default, ['default'], 'the default');
  const object = declareDomain({
    path,
    type: type?.text ?? 'text',
    nullable: definition.nullable ?? true,
    ...present({ collation: definition.collation === undefined ? undefined : collationText(definition.collation), default: fallback }),
    checks,
    needs,
  });
  context.add(object, declared.origin, [], notesOf('domain', path, definition));
  takeAccess('domain', object.id, declared, context);
}

function composeSequence(declared: SequenceDeclaration, context: SchemaContext): void {
  const { path, needs } = placed(declared, 'sequence', ['relation'], context);
  const {
    type = 'bigint',
    ownedBy,
    doc: _doc,
    schema: _schema,
    renamedFrom: _from,
    suppress: _suppress,
    grants: _grants,
    ownerRole: _owner,
    ...options
  } = declared.definition;
  const owner = ownedBy === undefined ? undefined : ownerColumn(declared, ownedBy, context);
  if (options.persistence === 'unlogged') checkSince('unlogged-sequence', `sequence "${declared.name}"`, { at: declared.origin }, context);
  const object = declareSequence({ path, type, ...options, ...present({ ownedBy: owner }), needs });
  context.add(object, declared.origin, [], notesOf('sequence', path, declared.definition));
  takeAccess('sequence', object.id, declared, context);
}

function ownerColumn(
  declared: SequenceDeclaration,
  { table, column }: NonNullable<SequenceDeclaration['definition']['ownedBy']>,
  context: SchemaContext,
): Address | undefined {
  const where = { at: declared.origin, keys: ['ownedBy'] };
  const what = `sequence "${declared.name}"`;
  const target = targetTable(table, context, { ...where, what });
  if (target === undefined) return undefined;
  if (target.columns[column] === undefined) reportUnknownColumn(column, target, what, where, context);
  return address('column', ...relationPath(target), column);
}

function composeView(declared: ViewDeclaration, context: SchemaContext): void {
  const { path, needs } = placed(declared, 'view', ['relation', 'type'], context);
  const { definition } = declared;
  const what = `the query of view "${declared.name}"`;
  const query = renderSql(definition.query, { at: declared.origin, keys: ['query'], what }, context);
  if (definition.securityInvoker === true) checkSince('security-invoker', `view "${declared.name}"`, { at: declared.origin }, context);
  const options = present({
    security_barrier: definition.securityBarrier === true ? 'true' : undefined,
    security_invoker: definition.securityInvoker === true ? 'true' : undefined,
    check_option: definition.checkOption,
  });
  const object = declareView({ path, query: withoutEnd(query.text), options: storage(options), needs: [...needs, ...query.needs] });
  context.add(object, declared.origin, [], notesOf('view', path, definition));
  takeAccess('view', object.id, declared, context);
  composeTriggers({ ...context, form: 'view', id: object.id, path, origin: declared.origin, columnIds: new Map() }, definition.triggers);
}

function composeMaterializedView(declared: MaterializedViewDeclaration, context: SchemaContext): void {
  const { path, needs } = placed(declared, 'materialized view', ['relation', 'type'], context);
  const { definition } = declared;
  const what = `the query of materialized view "${declared.name}"`;
  const query = renderSql(definition.query, { at: declared.origin, keys: ['query'], what }, context);
  const object = declareMaterializedView({
    path,
    query: withoutEnd(query.text),
    storageParameters: storage(definition.storageParameters),
    needs: [...needs, ...query.needs],
  });
  context.add(object, declared.origin, [], notesOf('materialized-view', path, definition));
  takeAccess('materialized view', object.id, declared, context);
  const relation = { name: declared.name, columnList: declared.columnList };
  const on = { table: relation, path, on: object.id, origin: declared.origin, relation: `materialized view "${declared.name}"` };
  // Its columns are no objects of their own, so an index on them needs the view, which it has anyway.
  const columnIds = new Map(declared.columnList.map((column) => [column.name, object.id]));
  composeIndexes({ ...context, ...on, columnIds }, definition.indexes);
  composeStatistics({ ...context, ...on, columnIds }, definition.statistics);
}

/** A query without the semicolon that a writer may have ended it with. */
export function withoutEnd(query: string): string {
  return query.replace(/;\s*$/, '').trim();
}

function composeOpaque(declared: OpaqueDeclaration, context: SchemaContext): void {
  const { name, definition, origin } = declared;
  context.names.claim({ namespaces: ['opaque'], name, what: `opaque object "${name}"`, at: origin, keys: [] });
  const create = renderSql(definition.create, { at: origin, keys: ['create'], what: `the create of opaque object "${name}"` }, context);
  const drop = renderSql(definition.drop, { at: origin, keys: ['drop'], what: `the drop of opaque object "${name}"` }, context);
  const needs = (definition.dependsOn ?? []).flatMap((each) => {
    const id = context.addressOf.get(typeof each === 'function' ? each() : each);
    if (id === undefined) {
      context.report({
        code: 'unknown-reference',
        message: `opaque object "${name}" depends on something that no file of the schema exports`,
        hint: 'export it, and give the declaration itself',
        at: origin,
        keys: ['dependsOn'],
      });
    }
    return id ?? [];
  });
  const object = declareOpaque({ name, create: create.text, drop: drop.text, needs: [...needs, ...create.needs] });
  context.add(object, origin, [], present({ doc: definition.doc, suppress: definition.suppress }));
}
