/**
 * Functions and procedures as source: what both have, from arguments to body. A body stands as the
 * text that it is: what it names is found by the planner, and no circle of types comes of it.
 */
import { arrayNode, arrowNode, callNode, objectNode, sqlNode, valueNode, type ObjectNode, type SourceNode } from '../model/source.ts';
import { literalOf, schemaField, type AuthorContext } from './author.ts';
import { columnCall } from './column-source.ts';
import { defaultNode } from './default-source.ts';
import { qualifiedName } from '../sql/quote.ts';
import { routineName, type Routine, type RoutineArgument } from './routine.ts';

const relations = ['table', 'view', 'materialized-view'];

/** A type as a column word; a row of a relation is `rowOf(() => users)`. */
export function typeNode(type: string, context: AuthorContext, options: ObjectNode = objectNode({})): SourceNode {
  const row = relations.map((kind) => `${kind} ${type}`).find((id) => context.state.has(id));
  return row === undefined ? columnCall(type, options, context) : callNode('rowOf', arrowNode(row));
}

function argumentNode({ mode, type, default: fallback }: RoutineArgument, routine: Routine, context: AuthorContext): SourceNode {
  const given = fallback === undefined ? undefined : defaultNode(fallback, type, routine.dependsOn, context);
  const node = typeNode(type, context, objectNode({ default: given }));
  return mode === 'in' ? node : callNode(mode, node);
}

/** By name, or in a list where none has a name; nothing where there are none. */
function argumentsNode(routine: Routine, context: AuthorContext): SourceNode | undefined {
  const given = routine.attributes.arguments;
  if (given.length === 0) return undefined;
  const nodes = given.map((argument) => argumentNode(argument, routine, context));
  if (given.every(({ name }) => name === undefined)) return arrayNode(nodes);
  return { node: 'object', entries: given.map(({ name = '' }, place) => ({ key: name, value: nodes[place] ?? valueNode(null) })) };
}

/** Why the schema language cannot say it as it is; undefined where it can. */
export function unspeakable({ attributes }: Routine, context: AuthorContext): string | undefined {
  const names = attributes.arguments.map(({ name }) => name);
  if (names.some((name) => name === undefined) && names.some((name) => name !== undefined)) return 'some of its arguments have no names';
  if (names.some((name) => /^\d+$/.test(name ?? ''))) return 'a name of its arguments would be put out of order';
  if (new Set(names).size < names.length && names[0] !== undefined) return 'two of its arguments have one name';
  const rows = attributes.arguments.some(
    ({ type, default: fallback }) => fallback !== undefined && relations.some((kind) => context.state.has(`${kind} ${type}`)),
  );
  return rows ? 'an argument of a row type has a default' : undefined;
}

/** What a declaration interpolated into SQL stands for: the name that a call begins with. */
export function nameInSql(routine: Routine): string {
  return qualifiedName([routine.path[0] ?? '', routineName(routine)]);
}

/** The literal of a routine, the fields that functions alone have in the middle. */
export function routineLiteral(
  routine: Routine,
  more: { readonly [field: string]: SourceNode | undefined },
  context: AuthorContext,
): ObjectNode {
  const { language, body, bodyForm, library, securityDefiner, settings, transforms } = routine.attributes;
  const own = {
    doc: undefined,
    schema: schemaField(routine),
    args: argumentsNode(routine, context),
    ...more,
    language: valueNode(language),
    library: library === undefined ? undefined : valueNode(library),
    security: securityDefiner ? valueNode('definer') : undefined,
    settings: Object.keys(settings).length === 0 ? undefined : settingsNode(settings),
    transforms: transforms.length === 0 ? undefined : arrayNode(transforms.map((type) => typeNode(type, context))),
    body: bodyForm === 'standard' ? context.sql(body, routine.dependsOn) : library === undefined ? sqlNode(body) : valueNode(body),
  };
  return literalOf(own, context.fields(routine.id));
}

function settingsNode(settings: { readonly [name: string]: string }): ObjectNode {
  return { node: 'object', entries: Object.entries(settings).map(([key, value]) => ({ key, value: valueNode(value) })) };
}
