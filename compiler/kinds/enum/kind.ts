/** All that the compiler knows of enums. */
import type { Kind } from '../contract.ts';
import { optional } from '../catalog.ts';
import { enumAuthor } from './author.ts';
import { introspectEnums } from './introspect.ts';
import type { Enum } from './object.ts';
import { remakingOf } from './remake.ts';
import { alterEnumValues, createEnum, dropEnum, onlyAddsValues, renameEnum, renameValues } from './statements.ts';

export const enumKind: Kind<Enum> = {
  kind: 'enum',
  introspect: introspectEnums,
  create: createEnum,
  drop: dropEnum,
  alter: {
    values: {
      statements: alterEnumValues,
      reshapes: (before, after) => (onlyAddsValues(before, after) ? undefined : remakingOf(before, after)),
    },
  },
  rename: renameEnum,
  renameParts: renameValues,
  describe: (object, context) => [
    {
      node: 'enumeration',
      id: object.id,
      form: 'enum',
      schema: object.path[0] ?? '',
      name: object.path[1] ?? '',
      values: object.attributes.values,
      ...optional('doc', context.annotation(object.id).doc),
    },
  ],
  author: enumAuthor,
};
