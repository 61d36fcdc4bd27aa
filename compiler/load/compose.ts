/**
 * All declarations of a schema become one `DeclaredSchema`: objects and, beside them, annotations,
 * and the parts of the design document. Mistakes are collected with their places; nothing is thrown.
 */
import type { Address } from '../model/address.ts';
import type { Annotation, DeclaredSchema, Project } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SchemaObject } from '../model/object.ts';
import { isReferenceRow } from '../kinds/guards.ts';
import { linkRows } from '../kinds/reference-row/links.ts';
import { declareComment } from '../kinds/comment/declare.ts';
import { hasComment } from '../kinds/comment/kind.ts';
import { isDeclaration, wordOf } from '../dsl/declaration.ts';
import type { Declaration, Origin } from '../dsl/declaration.ts';
import type { AnyTable } from '../dsl/table.ts';
import type { MaterializedViewDeclaration, SchemaDeclaration } from '../dsl/words.ts';
import { addressesOf } from './addresses.ts';
import { typeResolver } from './column-types.ts';
import { itemsOf } from './common-parts.ts';
import { composeDesign } from './compose-design.ts';
import { composeMeasured } from './compose-measured.ts';
import { grantCollector } from './compose-grants.ts';
import { objectComposers } from './compose-objects.ts';
import { composeProject } from './compose-project.ts';
import { addRoutines, withCalls } from './routines.ts';
import { composeTable } from './compose-table.ts';
import type { SchemaContext } from './compose-table.ts';
import type { Context, Mistake, Notes, Places } from './context.ts';
import { relationPath } from './relation-path.ts';
import { completeOpaque } from './opaque-needs.ts';
import { constraintSpace, schemaNames } from './schema-names.ts';
import type { SchemaNames } from './schema-names.ts';
import { primaryKeyOf, tableKeys } from './table-keys.ts';
import { checkMentions } from './mentions.ts';

/** Composes the declarations. `title` is the project's where it gives itself none. */
export function compose(declarations: readonly Declaration[], places: Places, title: string): DeclaredSchema {
  const diagnostics: Diagnostic[] = [];
  const report = (mistake: Mistake): void => void diagnostics.push(diagnosticOf(mistake, places));
  const project = composeProject(declarations, title, report, (at, ...keys) => places.of(at, ...keys));
  const objects = new Map<Address, SchemaObject>();
  const annotations = new Map<Address, Annotation>();
  const addressOf = addressesOf(declarations);
  const base: Context = {
    project,
    places,
    addressOf,
    schemas: new Set(['public', ...ofWord<SchemaDeclaration>(declarations, 'schema').map((each) => each.name)]),
    report,
    add: (object, at, keys, notes) => addObject(object, at, keys, notes, { project, places, objects, annotations }),
  };
  const names = schemaNames(report);
  takeWrittenNames(declarations, names);
  const tables = ofWord<AnyTable>(declarations, 'table');
  const context: SchemaContext = {
    ...base,
    names,
    keys: tableKeys(tables, names),
    typeOf: typeResolver(base),
    referenceTables: [],
    designNames: new Set(),
    grants: grantCollector(base),
    routines: new Map(),
  };
  addRoutines(declarations, addressOf, context);
  for (const declared of declarations) composeOne(declared, context);
  completeOpaque(declarations, objects);
  context.grants.finish([...objects.values()].filter(({ id }) => annotations.get(id)?.external !== true));
  composeMeasured(declarations, objects, annotations, context);
  const design = composeDesign(declarations, new Set(objects.keys()), context);
  checkMentions(declarations, new Set(objects.keys()), context);
  return {
    project,
    objects: withCalls(withLinkedRows([...objects.values()])),
    annotations,
    ...(context.referenceTables.length === 0 ? {} : { referenceTables: context.referenceTables }),
    ...design,
    diagnostics,
  };
}

/** Rows know which rows they refer to once all are known. */
function withLinkedRows(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const linked = new Map(linkRows(objects.filter(isReferenceRow), objects).map((row) => [row.id, row] as const));
  return linked.size === 0 ? objects : objects.map((object) => linked.get(object.id) ?? object);
}

function ofWord<Wanted extends Declaration>(declarations: readonly Declaration[], word: string): readonly Wanted[] {
  return declarations.filter((each) => isDeclaration(each, word)) as unknown as readonly Wanted[];
}

function composeOne(declared: Declaration, context: SchemaContext): void {
  const word = wordOf(declared) ?? '';
  try {
    if (word === 'table') composeTable(declared as AnyTable, context);
    else objectComposers[word]?.(declared as never, context);
  } catch (error) {
    // The editor refuses what is not of the declared types; who runs it all the same gets a place, not a stack.
    const { name } = declared as { readonly name?: unknown };
    context.report({
      code: 'invalid-declaration',
      message: `${word} ${JSON.stringify(name ?? '')} cannot be understood: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'the type check says which part is not as it should be: npx schemac check',
      at: declared.origin,
    });
  }
}

/** A mistake with its place worked out. */
function diagnosticOf({ code, message, hint, subject, severity = 'error', at, keys = [] }: Mistake, places: Places): Diagnostic {
  const place = places.of(at, ...keys);
  return {
    code,
    severity,
    message,
    ...(place === undefined ? {} : { place }),
    ...(subject === undefined ? {} : { subject }),
    ...(hint === undefined ? {} : { hint }),
  };
}

interface Result {
  readonly project: Project;
  readonly places: Places;
  readonly objects: Map<Address, SchemaObject>;
  readonly annotations: Map<Address, Annotation>;
}

/** Adds an object once: of two with the same address the first counts, the second was reported as a duplicate name. */
function addObject(object: SchemaObject, at: Origin, keys: readonly string[], notes: Notes, result: Result): void {
  if (result.objects.has(object.id)) return;
  result.objects.set(object.id, object);
  result.annotations.set(object.id, annotation(notes, at, keys, result.places));
  if (notes.doc === undefined || notes.doc === '' || notes.external === true || result.project.comments !== 'database') return;
  if (!hasComment(object.kind)) return;
  const comment = declareComment(object, notes.doc);
  result.objects.set(comment.id, comment);
  result.annotations.set(comment.id, annotation({}, at, [...keys, 'doc'], result.places));
}

/**
 * An annotation whose place is worked out when it is read, once: reading it decodes the source map and
 * scans the source, which a compile without mistakes never needs. Spreading the annotation reads it.
 */
function annotation(notes: Notes, at: Origin, keys: readonly string[], places: Places): Annotation {
  let place: { readonly value: Annotation['place'] } | undefined;
  return {
    ...notes,
    get place() {
      return (place ??= { value: places.of(at, ...keys) }).value;
    },
  } as Annotation;
}

/** Written names are taken first, so that computed ones step aside whatever the order of files. */
function takeWrittenNames(declarations: readonly Declaration[], names: SchemaNames): void {
  for (const declared of declarations) {
    const word = wordOf(declared) ?? '';
    if (!['table', 'view', 'materialized view', 'sequence', 'composite'].includes(word)) continue;
    const path = relationPath(declared);
    const relations = names.giver(`relation ${path[0]}`);
    relations.take(path[1]);
    const { indexes, statistics } = (declared as MaterializedViewDeclaration).definition;
    const statisticsNames = names.giver(`statistics ${path[0]}`);
    for (const { name } of itemsOf(statistics, 'statistics')) if (name !== undefined) statisticsNames.take(name);
    for (const { name } of itemsOf(indexes, 'indexes')) if (name !== undefined) relations.take(name);
    if (word === 'table') takeConstraintNames(declared as AnyTable, names);
  }
}

function takeConstraintNames(table: AnyTable, names: SchemaNames): void {
  const path = relationPath(table);
  const relations = names.giver(`relation ${path[0]}`);
  const constraints = names.giver(constraintSpace(path));
  const { uniques, exclusions, checks, foreignKeys } = table.definition;
  const primary = primaryKeyOf(table)?.name;
  const withIndex = [...itemsOf(uniques, ''), ...itemsOf(exclusions, '')].map((each) => each.name);
  const without = [...itemsOf(checks as never, ''), ...itemsOf(foreignKeys, '')].map((each) => each.name);
  const onColumns = table.columnList.map(
    (each) => (each.options as { readonly constraint?: { readonly name?: string } } | undefined)?.constraint?.name,
  );
  for (const name of [primary, ...withIndex]) if (name !== undefined) relations.take(name);
  for (const name of [primary, ...withIndex, ...without, ...onColumns]) if (name !== undefined) constraints.take(name);
}
