/** What keys have in common as source: the fields of primary and unique keys, and the keys of an index or exclusion. */
import type { Address } from '../model/address.ts';
import { callNode, objectNode, valueNode, type SourceNode } from '../model/source.ts';
import { withoutBrackets } from '../sql/list.ts';
import { nameParts } from '../sql/quote.ts';
import { nextToken } from '../sql/scan.ts';
import type { KeyAttributes } from './attribute-types.ts';
import type { AuthorContext } from './author.ts';
import type { IndexKeyParts } from './index-keys.ts';
import { collationNode, flagNode, namesNode, storageNode, unlessUsual } from './column-source.ts';

/** `include`, `deferral` and what else keys have alike, each absent where it is the usual one. */
export function keyFields(attributes: KeyAttributes): { readonly [field: string]: SourceNode | undefined } {
  return {
    include: namesNode(attributes.include),
    deferral: unlessUsual(attributes.deferral, 'not deferrable'),
    storageParameters: storageNode(attributes.storageParameters),
    tablespace: unlessUsual(attributes.tablespace, ''),
    withoutOverlaps: flagNode(attributes.period === true),
    clustered: flagNode(attributes.clustered === true),
    replicaIdentity: flagNode(attributes.replicaIdentity === true),
  };
}

/** A column's name where the text is one name alone, which no expression is. */
export function columnNamed(text: string): string | undefined {
  const token = nextToken(text, 0);
  const isName = token !== undefined && (token.token === 'word' || token.token === 'name') && token.end === text.length;
  return isName ? nameParts(text)[0] : undefined;
}

/** A name or an expression, as a key is on. */
export function onNode(text: string, dependsOn: readonly Address[], context: AuthorContext): SourceNode {
  const name = columnNamed(text);
  return name === undefined ? context.sql(withoutBrackets(text), dependsOn) : valueNode(name);
}

/** `'email'`, `desc('created_at')`, `key('name', { operatorClass: 'text_pattern_ops' })`. */
export function keyNode(part: IndexKeyParts, dependsOn: readonly Address[], context: AuthorContext): SourceNode {
  const on = onNode(part.text, dependsOn, context);
  const isDescending = part.order === 'descending';
  const options = objectNode({
    nulls: unlessUsual(part.nulls, isDescending ? 'first' : 'last'),
    operatorClass: part.operatorClass === undefined ? undefined : valueNode(part.operatorClass),
    collation: collationNode(part.collation),
  });
  if (isDescending) return callNode('desc', on, options);
  if (options.entries.length === 0) return on;
  return callNode(options.entries[0]?.key === 'nulls' ? 'asc' : 'key', on, options);
}
