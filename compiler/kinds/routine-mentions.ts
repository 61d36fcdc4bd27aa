/**
 * Routines that texts call, and objects that the text of a body names. PostgreSQL records no dependency for a body that is text, and
 * checks the body of an SQL function when the function is made: what it names should be there. A word
 * that only looks like a name costs an order that was not needed, never an error.
 */
import { signatureName, type Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import { nextToken } from '../sql/scan.ts';

/** Kinds whose objects a query or a block may name. */
const nameable: ReadonlySet<string> = new Set([
  'table',
  'partition',
  'view',
  'materialized-view',
  'foreign-table',
  'sequence',
  'enum',
  'domain',
  'composite',
  'range',
  'function',
  'procedure',
  'column',
]);

const indexes = new WeakMap<State, ReadonlyMap<string, readonly SchemaObject[]>>();

function byName(state: State): ReadonlyMap<string, readonly SchemaObject[]> {
  const known = indexes.get(state);
  if (known !== undefined) return known;
  const index = new Map<string, SchemaObject[]>();
  for (const object of state.values()) {
    if (!nameable.has(object.kind)) continue;
    const part = object.path.at(-1) ?? '';
    const name = signatureName(part) ?? part;
    const list = index.get(name);
    if (list === undefined) index.set(name, [object]);
    else list.push(object);
  }
  indexes.set(state, index);
  return index;
}

/** Every word and name of a text as PostgreSQL reads it: unquoted ones in lower case. */
function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(text, token.end)) {
    const raw = text.slice(token.start, token.end);
    if (token.token === 'word') names.add(raw.toLowerCase());
    else if (token.token === 'name' && raw.startsWith('"')) names.add(raw.slice(1, -1).replaceAll('""', '"'));
  }
  return names;
}

/**
 * The objects of the state that the text may mean, the object itself left out. A column counts where
 * its table is named as well.
 */
export function mentions(text: string, self: Address, state: State): readonly Address[] {
  const names = namesIn(text);
  const index = byName(state);
  return [...names].flatMap((name) =>
    (index.get(name) ?? []).flatMap((object) => {
      const owner = object.path.length > 2 ? object.path[1] : undefined;
      return object.id !== self && (owner === undefined || names.has(owner)) ? [object.id] : [];
    }),
  );
}

/** Kinds whose texts are expressions or queries, in which a call is one. */
const calling: ReadonlySet<string> = new Set([
  'check',
  'column',
  'default',
  'domain',
  'exclusion',
  'index',
  'materialized-view',
  'partition-rule',
  'policy',
  'publication-table',
  'statistics',
  'table',
  'trigger',
  'view',
  'function',
  'procedure',
]);

/**
 * Addresses of declared routines that an object's texts call: a name with a parenthesis after it. What
 * a body that is text calls is no dependency of its routine.
 */
export function calledBy(object: SchemaObject, routines: ReadonlyMap<string, readonly Address[]>): readonly Address[] {
  if (routines.size === 0 || !calling.has(object.kind)) return [];
  const { bodyForm, body, ...rest } = object.attributes as { readonly bodyForm?: string; readonly body?: string };
  return textsIn(bodyForm === 'text' ? rest : { ...rest, body })
    .flatMap(calledNames)
    .flatMap((name) => routines.get(name) ?? []);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function calledNames(text: string): readonly string[] {
  if (!text.includes('(')) return [];
  const names: string[] = [];
  let last: string | undefined;
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(text, token.end)) {
    const raw = text.slice(token.start, token.end);
    if (raw === '(' && last !== undefined) names.push(last);
    last = token.token === 'word' ? raw.toLowerCase() : token.token === 'name' ? raw.slice(1, -1).replaceAll('""', '"') : undefined;
  }
  return names;
}

const routineWords: ReadonlySet<string> = new Set(['aggregate', 'function', 'procedure']);

/** Names of routines that an opaque object's SQL makes, each with the opaque object: who calls one needs it. */
export function madeByText({ kind, id, attributes }: SchemaObject): readonly (readonly [name: string, Address])[] {
  if (kind !== 'opaque') return [];
  return statementsIn((attributes as { readonly create: string }).create).flatMap((words) => {
    const what = words[0] === 'create' ? (words[1] === 'or' ? words[3] : words[1]) : undefined;
    const name = words.at(-1);
    return name !== undefined && routineWords.has(what ?? '') ? [[name, id] as const] : [];
  });
}

/** Of each statement the words and names before its first parenthesis. */
function statementsIn(text: string): readonly (readonly string[])[] {
  const statements: string[][] = [[]];
  let isHead = true;
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(text, token.end)) {
    const raw = text.slice(token.start, token.end);
    if (raw === ';') statements.push([]);
    isHead = raw === ';' || (isHead && raw !== '(');
    if (!isHead) continue;
    if (token.token === 'word') statements.at(-1)?.push(raw.toLowerCase());
    else if (token.token === 'name') statements.at(-1)?.push(raw.slice(1, -1).replaceAll('""', '"'));
  }
  return statements;
}
