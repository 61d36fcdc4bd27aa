/**
 * Functions and procedures before anything is composed: the types of their arguments, and with them
 * their addresses. And what calls them, wherever it stands, needs them.
 */
import { address, signature, signatureName, type Address } from '../model/address.ts';
import { dependencyList, type SchemaObject } from '../model/object.ts';
import { calledBy, madeByText } from '../kinds/routine-mentions.ts';
import { inputTypes, type ArgumentMode } from '../kinds/routine.ts';
import { argumentType } from '../kinds/routine-types.ts';
import { qualifiedName } from '../sql/quote.ts';
import { isDeclaration, wordOf, type Declaration } from '../dsl/declaration.ts';
import type { AnyColumn } from '../dsl/column.ts';
import type { ArgumentInput, ArgumentWithMode, FunctionDeclaration, ProcedureDeclaration } from '../dsl/routines.ts';
import type { ExtensionDeclaration } from '../dsl/words.ts';
import type { SchemaContext } from './compose-table.ts';
import { relationPath, schemaName } from './relation-path.ts';

export type RoutineDeclaration = FunctionDeclaration | ProcedureDeclaration;

export interface NamedArgument {
  readonly mode: ArgumentMode;
  readonly type: string;
  readonly name?: string;
  readonly written: AnyColumn;
  /** Where it stands in the literal. */
  readonly keys: readonly string[];
}

export interface NamedRoutine {
  readonly id: Address;
  readonly path: readonly [schema: string, name: string];
  readonly arguments: readonly NamedArgument[];
  readonly needs: readonly Address[];
  /** The type of a column word, as PostgreSQL prints it without a modifier. */
  readonly typeOf: (written: AnyColumn, name: string) => { readonly text: string; readonly needs: readonly Address[] };
}

/** Names all routines; from then on their declarations have addresses. */
export function addRoutines(declarations: readonly Declaration[], addressOf: Map<Declaration, Address>, context: SchemaContext): void {
  const homes = extensionTypes(declarations);
  for (const declared of declarations) {
    const word = wordOf(declared);
    if (word !== 'function' && word !== 'procedure') continue;
    const named = nameRoutine(word, declared as RoutineDeclaration, homes, context);
    context.routines.set(declared, named);
    addressOf.set(declared, named.id);
  }
}

/** An extension such as citext gives its name to its type, in its schema. */
function extensionTypes(declarations: readonly Declaration[]): ReadonlyMap<string, string> {
  const extensions = declarations.filter((each): each is ExtensionDeclaration => isDeclaration(each, 'extension'));
  return new Map(extensions.map(({ name, definition }) => [name, qualifiedName([schemaName(definition.schema), name])]));
}

function nameRoutine(
  word: 'function' | 'procedure',
  declared: RoutineDeclaration,
  homes: ReadonlyMap<string, string>,
  context: SchemaContext,
): NamedRoutine {
  const typeOf: NamedRoutine['typeOf'] = (written, name) => {
    const resolved = context.typeOf(declared as never, { ...written, name });
    const text = argumentType(resolved?.text ?? 'text');
    const element = text.replace(/\[\]$/, '');
    return { text: `${homes.get(element) ?? element}${text.slice(element.length)}`, needs: resolved?.needs ?? [] };
  };
  const needs: Address[] = [];
  const named = writtenArguments(declared).map(({ name, input, keys }): NamedArgument => {
    const mode = wordOf(input) === 'argument' ? (input as ArgumentWithMode).mode : 'in';
    const written = wordOf(input) === 'argument' ? (input as ArgumentWithMode).type : (input as AnyColumn);
    const type = typeOf(written, name ?? keys.at(-1) ?? '');
    needs.push(...type.needs);
    return { mode, type: type.text, written, keys, ...(name === undefined ? {} : { name }) };
  });
  const path = relationPath(declared);
  const id = address(word, path[0], signature(path[1], inputTypes(named)));
  return { id, path, arguments: named, needs, typeOf };
}

function writtenArguments({ definition }: RoutineDeclaration) {
  const { args = [] } = definition;
  if (Array.isArray(args)) {
    return (args as readonly ArgumentInput[]).map((input) => ({ name: undefined, input, keys: ['args'] }));
  }
  return Object.entries(args as { readonly [name: string]: ArgumentInput }).map(([name, input]) => ({ name, input, keys: ['args', name] }));
}

/** The objects, each needing the declared routines that its texts call, whether they are interpolated or only named. */
export function withCalls(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const routines = new Map<string, Address[]>();
  for (const { id, path, partOf } of objects) {
    const name = signatureName(path[1] ?? '');
    if (name === undefined || path.length !== 2 || partOf !== undefined) continue;
    routines.set(name, [...(routines.get(name) ?? []), id]);
  }
  for (const [name, id] of objects.flatMap(madeByText)) routines.set(name, [...(routines.get(name) ?? []), id]);
  if (routines.size === 0) return objects;
  return objects.map((object) => {
    const called = calledBy(object, routines);
    return called.length === 0 ? object : { ...object, dependsOn: dependencyList([...object.dependsOn, ...called], object.id) };
  });
}
