/** All that the compiler knows of composite types (manual §8.16). */
import { partsOf } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { DescribeContext, Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { compositeAuthor } from './author.ts';
import { introspectComposites } from './introspect.ts';
import type { Composite } from './object.ts';
import { compositeRules, createComposite, dropComposite } from './statements.ts';

/** `street text: Street and number.`, one an attribute. */
function attributeLines(composite: Composite, context: DescribeContext): readonly string[] {
  const parts = new Map(partsOf(context.state, composite.id).map((part) => [part.path[2], part]));
  return composite.attributes.order.flatMap((name) => {
    const part = parts.get(name);
    if (part === undefined) return [];
    const doc = context.annotation(part.id).doc;
    return [`${name} ${(part.attributes as { readonly type: string }).type}${doc === undefined || doc === '' ? '' : `: ${doc}`}`];
  });
}

export const compositeKind: Kind<Composite> = {
  kind: 'composite',
  introspect: introspectComposites,
  create: createComposite,
  drop: dropComposite,
  alter: compositeRules,
  rename: renameObject('TYPE', 'no relation'),
  author: compositeAuthor,
  describe: (composite, context) => [
    {
      node: 'enumeration',
      id: composite.id,
      form: 'composite',
      schema: composite.path[0] ?? '',
      name: composite.path[1] ?? '',
      values: attributeLines(composite, context),
      ...optional('doc', context.annotation(composite.id).doc),
    },
  ],
};
