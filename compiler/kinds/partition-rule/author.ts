/** A partition rule as source: the second argument of its table's `range('created_at', { every: '1 month' })`. */
import { address } from '../../model/address.ts';
import { objectNode, valueNode } from '../../model/source.ts';
import { field, type Author } from '../author.ts';
import { storageNode, unlessUsual } from '../column-source.ts';
import type { PartitionRule } from './object.ts';

/** The catalogs have months and days alone. */
const spoken: { readonly [every: string]: string } = { '12 months': '1 year', '7 days': '1 week' };

export const partitionRuleAuthor: Author<PartitionRule> = {
  writes: 'field',
  author: (rule) => {
    const { every, premake, retain, onRetire, archiveSchema, grace, zone, template } = rule.attributes;
    const archived = archiveSchema === undefined ? undefined : objectNode({ archive: valueNode(archiveSchema) });
    const literal = objectNode({
      every: valueNode(spoken[every] ?? every),
      premake: premake === 3 ? undefined : valueNode(premake),
      retain: retain === undefined ? undefined : valueNode(retain),
      onRetire: archived ?? unlessUsual(onRetire, 'keep'),
      grace: grace === undefined ? undefined : valueNode(grace),
      zone: unlessUsual(zone, 'UTC'),
      template: storageNode(template),
    });
    return [field(address('table', ...rule.path), 'partition rule', literal)];
  },
};
