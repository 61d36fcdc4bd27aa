/** All that the compiler knows of range types (manual §8.17.8). */
import { partsOf } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { DescribeContext, Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { rangeAuthor } from './author.ts';
import { introspectRanges } from './introspect.ts';
import type { Range } from './object.ts';
import { createRange, dropRange, rangeRules } from './statements.ts';

function words({ id, attributes }: Range, { state }: DescribeContext): readonly string[] {
  const { subtype, operatorClass, collation, canonical, subtypeDiff } = attributes;
  const multirange = partsOf(state, id).find((part) => part.kind === 'multirange');
  return [
    `of ${subtype}`,
    ...(operatorClass === undefined ? [] : [`operator class ${operatorClass}`]),
    ...(collation === undefined ? [] : [`collation ${collation}`]),
    ...(canonical === undefined ? [] : [`canonical ${canonical}`]),
    ...(subtypeDiff === undefined ? [] : [`distance ${subtypeDiff}`]),
    ...(multirange === undefined ? [] : [`multirange ${multirange.path[1] ?? ''}`]),
  ];
}

export const rangeKind: Kind<Range> = {
  kind: 'range',
  introspect: introspectRanges,
  create: createRange,
  drop: dropRange,
  alter: rangeRules,
  rename: renameObject('TYPE', 'no relation'),
  author: rangeAuthor,
  describe: (range, context) => [
    {
      node: 'enumeration',
      id: range.id,
      form: 'range',
      schema: range.path[0] ?? '',
      name: range.path[1] ?? '',
      values: words(range, context),
      ...optional('doc', context.annotation(range.id).doc),
    },
  ],
};
