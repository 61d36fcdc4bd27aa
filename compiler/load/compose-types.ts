/** Composite types with their attributes, and range types, become objects. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareAttribute } from '../kinds/attribute/declare.ts';
import { declareComposite } from '../kinds/composite/declare.ts';
import { declareMultirange } from '../kinds/multirange/declare.ts';
import { declareRange } from '../kinds/range/declare.ts';
import type { BoundColumn } from '../dsl/column.ts';
import type { CompositeDeclaration, RangeDeclaration } from '../dsl/composed-types.ts';
import { wordOf } from '../dsl/declaration.ts';
import { takeAccess } from './compose-grants.ts';
import { isReference } from './column-types.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { collationText } from './index-keys.ts';
import { notesOf, placed, type Placed } from './placed.ts';
import { renderSql } from './render-sql.ts';

export function composeComposite(declared: CompositeDeclaration, context: SchemaContext): void {
  // Its attributes stand in pg_class and pg_attribute, so the name is a relation's as well.
  const place = placed(declared, 'composite type', ['relation', 'type'], context);
  const object = declareComposite({ ...place, order: declared.attributeList.map(({ name }) => name) });
  context.add(object, declared.origin, [], notesOf('composite', place.path, declared.definition));
  takeAccess('composite type', object.id, declared, context);
  declared.attributeList.forEach((attribute, index) => composeAttribute(attribute, index + 1, object.id, declared, place, context));
}

/** What only a column of a table can be told. */
const foreignOptions = ['nullable', 'default', 'generated', 'identity', 'storage', 'compression', 'backfill', 'using'] as const;

function composeAttribute(
  attribute: BoundColumn,
  position: number,
  of: Address,
  declared: CompositeDeclaration,
  { path }: Placed,
  context: SchemaContext,
): void {
  const { name, options } = attribute;
  const keys = ['attributes', name];
  const what = `attribute "${name}" of composite type "${declared.name}"`;
  context.names.claim({ namespaces: [`attribute ${of}`], name, what, at: declared.origin, keys });
  if (!checkAttribute(attribute, what, keys, declared, context)) return;
  const type = context.typeOf(declared as never, attribute);
  const { doc, pii, renamedFrom, suppress } = options;
  context.add(
    declareAttribute({
      of,
      path: [...path, name],
      position,
      type: type?.text ?? 'text',
      ...present({ collation: options.collation === undefined ? undefined : collationText(options.collation) }),
      needs: type?.needs ?? [],
    }),
    declared.origin,
    keys,
    present({ doc, pii, renamedFrom: renamedFrom === undefined ? undefined : address('attribute', ...path, renamedFrom), suppress }),
  );
}

/** Whether the attribute is a plain column word; reports what it is instead, or says too much. */
function checkAttribute(
  attribute: BoundColumn,
  what: string,
  keys: readonly string[],
  declared: CompositeDeclaration,
  context: SchemaContext,
): boolean {
  const isColumn = wordOf(attribute) === 'column' && !isReference(attribute.type);
  const options = (attribute.options ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const foreign = isColumn ? foreignOptions.filter((option) => options[option] !== undefined) : [];
  if (isColumn && foreign.length === 0) return true;
  context.report({
    code: 'invalid-attribute',
    message: isColumn ? `${what} says ${foreign.join(', ')}, which only a column of a table can have` : `${what} is not of a type`,
    hint: isColumn
      ? 'leave it out: an attribute may always be null and has no default; a domain over the composite type can check it'
      : "write a column word of a type: text({ doc: '…' }), ofType(state)",
    at: declared.origin,
    keys,
  });
  return isColumn;
}

/** A name, qualified or not: it is written into SQL as it stands. */
const nameForm = /^(?:\w+|"(?:[^"]|"")+")(?:\.(?:\w+|"(?:[^"]|"")+"))?$/;

export function composeRange(declared: RangeDeclaration, context: SchemaContext): void {
  const { definition, multirange } = declared;
  const place = placed(declared, 'range type', ['type'], context);
  const what = `range type "${declared.name}"`;
  const sets = placed(multirange, `multirange of range type "${declared.name}", named`, ['type'], context);
  const type = context.typeOf(declared as never, { ...definition.subtype, name: declared.name });
  checkSubtype(type?.text ?? '', what, declared, context);
  const { operatorClass } = definition;
  if (operatorClass !== undefined && !nameForm.test(operatorClass)) {
    const message = `${what} has the operator class ${JSON.stringify(operatorClass)}`;
    const hint = 'write its name, such as text_pattern_ops';
    context.report({ code: 'invalid-operator-class', message, hint, at: declared.origin, keys: ['operatorClass'] });
  }
  const difference =
    definition.subtypeDiff === undefined
      ? undefined
      : renderSql(definition.subtypeDiff, { at: declared.origin, keys: ['subtypeDiff'], what: `the subtypeDiff of ${what}` }, context);
  const object = declareRange({
    path: place.path,
    subtype: type?.text ?? 'text',
    ...present({
      operatorClass,
      collation: definition.collation === undefined ? undefined : collationText(definition.collation),
      subtypeDiff: difference?.text,
    }),
    needs: [...place.needs, ...(type?.needs ?? []), ...(difference?.needs ?? [])],
  });
  context.add(object, declared.origin, [], notesOf('range', place.path, definition));
  takeAccess('range type', object.id, declared, context);
  context.add(declareMultirange({ of: object.id, path: sets.path }), declared.origin, ['multirange'], {});
}

/** CREATE TYPE takes a length or precision of the subtype and forgets it, which nobody means. */
function checkSubtype(text: string, what: string, declared: RangeDeclaration, context: SchemaContext): void {
  if (!/\(|\[\]/.test(text)) return;
  context.report({
    code: 'invalid-range-subtype',
    message: `${what} is of ${text}; a range type keeps the type alone, without ${text.includes('[') ? 'array dimensions' : 'length or precision'}`,
    hint: text.includes('[')
      ? 'use a domain over the array as the subtype'
      : 'write the subtype without it, or use a domain as the subtype',
    at: declared.origin,
    keys: ['subtype'],
  });
}
