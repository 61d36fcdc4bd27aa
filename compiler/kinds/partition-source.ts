/**
 * Partition keys and bounds as source. PostgreSQL prints both in one fixed form each
 * (pg_get_partkeydef, pg_get_expr of relpartbound), whose items are names, expressions and constants.
 */
import type { Address } from '../model/address.ts';
import { arrayNode, callNode, objectNode, valueNode, type SourceNode } from '../model/source.ts';
import { constantOf, splitList } from '../sql/list.ts';
import type { AuthorContext, FieldPiece } from './author.ts';
import { onNode } from './key-source.ts';

const keyForm = /^(RANGE|LIST|HASH) \((.*)\)$/s;

/** The strategy and the keys of `RANGE (created_at)`. */
export function partitionKey(text: string): { readonly strategy: 'range' | 'list' | 'hash'; readonly keys: readonly string[] } {
  const [, strategy = 'RANGE', keys = ''] = keyForm.exec(text) ?? [];
  return { strategy: strategy.toLowerCase() as 'range' | 'list' | 'hash', keys: splitList(keys) };
}

/** `range('created_at', { children: { … } })`; what `fields` holds are the children, or the rule that makes them. */
export function partitionByNode(
  text: string,
  fields: readonly FieldPiece[],
  dependsOn: readonly Address[],
  context: AuthorContext,
): SourceNode {
  const { strategy, keys } = partitionKey(text);
  const on = keys.map((key) => onNode(key, dependsOn, context));
  const [only] = on;
  const keyNode = on.length === 1 && only !== undefined ? only : arrayNode(on);
  const rule = fields.find((piece) => piece.field === 'partition rule');
  if (rule !== undefined) return callNode(strategy, keyNode, rule.value);
  const children = fields.filter((piece) => piece.field === 'children');
  const entries = children.map((piece) => ({ key: piece.item?.name ?? '', value: piece.value }));
  const said = (name: string): SourceNode | undefined => fields.find((piece) => piece.field === name)?.value;
  const written: SourceNode = { node: 'object', isList: true, entries };
  return callNode(strategy, keyNode, objectNode({ modulus: said('modulus'), children: written, gaps: said('gaps') }));
}

const hashForm = /^FOR VALUES WITH \(modulus (\d+), remainder (\d+)\)$/;
const listForm = /^FOR VALUES IN \((.*)\)$/s;
const rangeForm = /^FOR VALUES FROM (\(.*\)) TO (\(.*\))$/s;

/** The modulus of a hash partition's bound. */
export function modulusOf(bound: string): number | undefined {
  const [, modulus] = hashForm.exec(bound) ?? [];
  return modulus === undefined ? undefined : Number(modulus);
}

/** The lower and the upper bound of a range, as lists of texts. */
export function rangeOf(bound: string): { readonly from: readonly string[]; readonly to: readonly string[] } | undefined {
  if (!rangeForm.test(bound)) return undefined;
  // Cut at the first bracket that closes the lower bound: TO may stand in a text.
  const [lower = '', upper = ''] = bracketed(bound.slice('FOR VALUES FROM '.length));
  return { from: splitList(lower), to: splitList(upper) };
}

/** The contents of `(a) TO (b)`. */
function bracketed(text: string): readonly [string, string] {
  const at = text.search(/\) TO \((?=(?:[^']|'(?:[^']|'')*')*$)/);
  return [text.slice(1, at), text.slice(at + ') TO ('.length, -1)];
}

/** The fields of a child that say which rows it takes; `undefined` where the bound is of no form that we know. */
export function boundFields(bound: string): { readonly [field: string]: SourceNode } | undefined {
  if (bound === 'DEFAULT') return { default: valueNode(true) };
  const [, , remainder] = hashForm.exec(bound) ?? [];
  if (remainder !== undefined) return { remainder: valueNode(Number(remainder)) };
  const [, values] = listForm.exec(bound) ?? [];
  if (values !== undefined) return { values: arrayNode(splitList(values).map(listValue)) };
  const range = rangeOf(bound);
  return range === undefined ? undefined : { from: sideNode(range.from), to: sideNode(range.to) };
}

function listValue(text: string): SourceNode {
  const constant = constantOf(text);
  return constant === undefined ? { node: 'sql', parts: [text] } : valueNode(constant);
}

function sideNode(values: readonly string[]): SourceNode {
  const nodes = values.map(rangeValue);
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : arrayNode(nodes);
}

function rangeValue(text: string): SourceNode {
  if (text === 'MINVALUE' || text === 'MAXVALUE') return valueNode(text.toLowerCase());
  const constant = constantOf(text);
  if (typeof constant === 'string') return callNode('literal', valueNode(constant));
  return constant === undefined || constant === null ? { node: 'sql', parts: [text] } : valueNode(constant);
}

/** A key and parts, as a rule has them for all its partitions (kinds/partition-rule). */
interface Parted {
  readonly key: string;
  readonly parts: readonly { readonly name: string; readonly bound: string; readonly within?: Parted }[];
}

/** `hash('id', { modulus: 4 })`, `list('region', { children: { eu: { values: ['eu'] } } })`. */
export function partedNode({ key, parts }: Parted, dependsOn: readonly Address[], context: AuthorContext): SourceNode {
  const { strategy, keys } = partitionKey(key);
  const on = keys.map((each) => onNode(each, dependsOn, context));
  const [only] = on;
  const keyNode = on.length === 1 && only !== undefined ? only : arrayNode(on);
  const modulus = modulusOf(parts[0]?.bound ?? '');
  const isPlain = parts.every(({ name, within }, remainder) => name === String(remainder) && within === undefined);
  if (modulus !== undefined && isPlain) return callNode(strategy, keyNode, objectNode({ modulus: valueNode(modulus) }));
  const entries = parts.map(({ name, bound, within }) => ({
    key: name,
    value: objectNode({
      ...boundFields(bound),
      partitionBy: within === undefined ? undefined : partedNode(within, dependsOn, context),
    }),
  }));
  const size = modulus === undefined ? undefined : valueNode(modulus);
  return callNode(strategy, keyNode, objectNode({ modulus: size, children: { node: 'object', isList: true, entries } }));
}
