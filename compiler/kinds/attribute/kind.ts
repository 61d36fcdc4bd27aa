/** All that the compiler knows of attributes of composite types; they are drawn with their type. */
import type { Kind } from '../contract.ts';
import { attributeAuthor } from './author.ts';
import { introspectAttributes } from './introspect.ts';
import type { Attribute } from './object.ts';
import { attributeRules, createAttribute, dropAttribute, renameAttribute } from './statements.ts';

export const attributeKind: Kind<Attribute> = {
  kind: 'attribute',
  introspect: introspectAttributes,
  create: createAttribute,
  drop: dropAttribute,
  alter: attributeRules,
  rename: renameAttribute,
  author: attributeAuthor,
  describe: () => [],
};
