/**
 * TypeScript source as data: the few forms that schema/*.ts is written in. Kinds make these nodes
 * from objects, author/ prints them. No text with commas or quotes in it, no kind, no layout.
 */
import type { Address } from './address.ts';

/** A literal value. Numbers beyond 2^53 are bigints. */
export interface ValueNode {
  readonly node: 'value';
  readonly value: string | number | bigint | boolean | null;
}

export interface Entry {
  readonly key: string;
  readonly value: SourceNode;
}

export interface ObjectNode {
  readonly node: 'object';
  readonly entries: readonly Entry[];
  /** Each entry stands on a line of its own, however short: the columns of a table. */
  readonly isList?: true;
}

export interface ArrayNode {
  readonly node: 'array';
  readonly items: readonly SourceNode[];
}

/** A call of a word of the schema language, or of what another call gives: `customType('cube')({ … })`. */
export interface CallNode {
  readonly node: 'call';
  readonly callee: string | CallNode;
  readonly arguments: readonly SourceNode[];
}

/** The declaration of an object, by its identifier; imported where it stands in another file. */
export interface DeclaredNode {
  readonly node: 'declared';
  readonly id: Address;
  /** What the declaration brings along: `spans.multirange`. */
  readonly member?: string;
}

/** `() => users`: a declaration that may come later, or refer back; `(): AnyTable => users` in a circle. */
export interface ArrowNode {
  readonly node: 'arrow';
  readonly id: Address;
}

/** sql`…`: text as PostgreSQL prints it, and in it the declarations whose names it holds. */
export interface SqlNode {
  readonly node: 'sql';
  readonly parts: readonly (string | DeclaredNode)[];
}

export type SourceNode = ValueNode | ObjectNode | ArrayNode | CallNode | DeclaredNode | ArrowNode | SqlNode;

export function valueNode(value: ValueNode['value']): ValueNode {
  return { node: 'value', value };
}

/** An object literal of what is there: entries whose value is undefined are left out. */
export function objectNode(fields: { readonly [key: string]: SourceNode | undefined }): ObjectNode {
  return {
    node: 'object',
    entries: Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])),
  };
}

export function arrayNode(items: readonly SourceNode[]): ArrayNode {
  return { node: 'array', items };
}

/** `['a', 'b']`. */
export function textsNode(texts: readonly string[]): ArrayNode {
  return arrayNode(texts.map(valueNode));
}

/** A call; an object literal without entries at its end is left out: `text()`. */
export function callNode(callee: string | CallNode, ...given: readonly SourceNode[]): CallNode {
  const last = given.at(-1);
  const isEmpty = last?.node === 'object' && last.entries.length === 0;
  return { node: 'call', callee, arguments: isEmpty ? given.slice(0, -1) : given };
}

export function declaredNode(id: Address): DeclaredNode {
  return { node: 'declared', id };
}

export function arrowNode(id: Address): ArrowNode {
  return { node: 'arrow', id };
}

export function sqlNode(...parts: SqlNode['parts']): SqlNode {
  return { node: 'sql', parts };
}

/** A number of a sequence or bound, which the catalogs give as text: as a number where it fits one, else as a bigint. */
export function integerNode(text: string): ValueNode {
  const number = Number(text);
  return valueNode(Number.isSafeInteger(number) ? number : BigInt(text));
}
