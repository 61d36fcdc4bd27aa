/** A trigger as source: one of the `triggers` of its table or view. */
import { parseAddress } from '../../model/address.ts';
import { arrowNode, callNode, objectNode, textsNode, valueNode, type SourceNode } from '../../model/source.ts';
import { qualifiedName, nameParts } from '../../sql/quote.ts';
import { item, leftOpaque, literalOf, type Author, type AuthorContext } from '../author.ts';
import { namesNode, unlessUsual } from '../column-source.ts';
import { routineName } from '../routine.ts';
import { tableOf } from '../statements.ts';
import type { Trigger } from './object.ts';

/** The declared function, or its name where the schema does not have it. */
function executeNode(trigger: Trigger, context: AuthorContext): SourceNode {
  const id = trigger.dependsOn.find((each) => {
    const object = context.state.get(each);
    return object?.kind === 'function' && qualifiedName([object.path[0] ?? '', routineName(object)]) === trigger.attributes.function;
  });
  return id === undefined ? callNode('name', ...nameParts(trigger.attributes.function).map(valueNode)) : arrowNode(id);
}

function constraintNode({ attributes: { constraint }, partOf }: Trigger, context: AuthorContext): SourceNode | undefined {
  if (constraint === undefined) return undefined;
  const other = constraint.references === undefined ? undefined : `table ${constraint.references}`;
  const references = other === undefined || !context.state.has(other) ? undefined : other === partOf ? valueNode('self') : arrowNode(other);
  return objectNode({ deferral: unlessUsual(constraint.deferral, 'not deferrable'), references });
}

export const triggerAuthor: Author<Trigger> = {
  writes: 'field',
  author: (trigger, context) => {
    const { timing, events, updateOf, level, condition, arguments: given, oldTable, newTable, enabled } = trigger.attributes;
    const owner = parseAddress(tableOf(trigger))?.kind ?? '';
    if (owner !== 'table' && owner !== 'view') return leftOpaque(trigger, 'it is on neither a table nor a view');
    const own = {
      when: valueNode(timing),
      on: textsNode(events),
      updateOf: namesNode(updateOf),
      forEach: unlessUsual(level, 'row'),
      condition: condition === undefined ? undefined : context.sql(condition, trigger.dependsOn),
      execute: executeNode(trigger, context),
      args: given.length === 0 ? undefined : textsNode(given),
      oldTable: unlessUsual(oldTable, ''),
      newTable: unlessUsual(newTable, ''),
      constraint: constraintNode(trigger, context),
      enabled: unlessUsual(enabled, 'origin'),
      doc: undefined,
    };
    const name = trigger.path[2] ?? '';
    return [item(tableOf(trigger), 'triggers', literalOf(own, context.fields(trigger.id)), { name, isComputed: false })];
  },
};
