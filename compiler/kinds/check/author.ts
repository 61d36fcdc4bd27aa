/** A check as source: one of the table's `checks`, by its expression alone where there is no more to say. */
import { withoutBrackets } from '../../sql/list.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { valueNode } from '../../model/source.ts';
import { flagNode } from '../column-source.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { Check } from './object.ts';

export const checkAuthor: Author<Check> = {
  writes: 'field',
  author: (check, context) => {
    if (!isTablePart(check)) return leftOpaque(check, 'it is on one partition alone');
    const { enforced, noInherit } = check.attributes;
    if (!check.attributes.validated && enforced !== false) return leftOpaque(check, 'it is not validated');
    const [, table = '', name = ''] = check.path;
    const expression = context.sql(withoutBrackets(check.attributes.expression), check.dependsOn);
    const literal = literalOf(
      { expression, doc: undefined, noInherit: flagNode(noInherit), enforced: enforced === false ? valueNode(false) : undefined },
      context.fields(check.id),
    );
    const isComputed = name === context.computedName(table, [], 'check');
    return [item(tableOf(check), 'checks', literal.entries.length === 1 ? expression : literal, { name, isComputed })];
  },
};
