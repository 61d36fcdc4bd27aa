/** An exclusion constraint as source: one of the table's `exclusions`. */
import { arrayNode, objectNode, valueNode } from '../../model/source.ts';
import { withoutBrackets } from '../../sql/list.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { namesNode, unlessUsual } from '../column-source.ts';
import { columnNamed, keyNode } from '../key-source.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { Exclusion, ExclusionParts } from './object.ts';

export const exclusionAuthor: Author<Exclusion> = {
  writes: 'field',
  author: (exclusion, context) => {
    if (!isTablePart(exclusion)) return leftOpaque(exclusion, 'it is on one partition alone');
    const parts = exclusion.facts?.['parts'] as ExclusionParts | undefined;
    if (parts === undefined) return leftOpaque(exclusion, 'only its text is known');
    const [, table = '', name = ''] = exclusion.path;
    const elements = parts.elements.map((element) =>
      objectNode({ on: keyNode(element, exclusion.dependsOn, context), with: valueNode(element.operator) }),
    );
    const own = {
      elements: arrayNode(elements),
      doc: undefined,
      method: unlessUsual(parts.method, 'gist'),
      include: namesNode(parts.include),
      where: parts.where === null ? undefined : context.sql(withoutBrackets(parts.where), exclusion.dependsOn),
      deferral: unlessUsual(parts.deferral, 'not deferrable'),
      clustered: exclusion.attributes.clustered === true ? valueNode(true) : undefined,
    };
    const names = parts.elements.map((element) => columnNamed(element.text) ?? 'expr');
    const isComputed = name === context.computedName(table, names, 'excl');
    return [item(tableOf(exclusion), 'exclusions', literalOf(own, context.fields(exclusion.id)), { name, isComputed })];
  },
};
