/** A partition rule as source: the second argument of its table's `range('created_at', { every: '1 month' })`. */
import { address } from '../../model/address.ts';
import { objectNode, valueNode, type SourceNode } from '../../model/source.ts';
import { field, type Author } from '../author.ts';
import { partedNode } from '../partition-source.ts';
import { storageNode, unlessUsual } from '../column-source.ts';
import type { PartitionRule } from './object.ts';

/** The catalogs have months and days alone. */
const spoken: { readonly [every: string]: string } = { '12 months': '1 year', '7 days': '1 week' };

const optionalNode = (value: string | number | boolean | undefined): SourceNode | undefined =>
  value === undefined ? undefined : valueNode(value);

/** Of an integer key lengths are numbers. */
function length({ attributes }: PartitionRule, words: string | undefined): SourceNode | undefined {
  if (words === undefined) return undefined;
  return valueNode(attributes.key === 'integer' ? Number(words) : (spoken[words] ?? words));
}

/** A number in `every` says by itself that the key is one. */
function keyNode({ attributes }: PartitionRule): SourceNode | undefined {
  const { key, epoch, bits } = attributes;
  if (key === 'snowflake') return objectNode({ epoch: optionalNode(epoch), bits: optionalNode(bits) });
  return optionalNode(key === 'integer' ? undefined : key);
}

export const partitionRuleAuthor: Author<PartitionRule> = {
  writes: 'field',
  author: (rule, context) => {
    const { every, premake, retain, onRetire, archiveSchema, grace, zone, template, managedBy, within } = rule.attributes;
    const table = address('table', ...rule.path);
    if (managedBy !== undefined) return [field(table, 'partition rule', objectNode({ managedBy: valueNode(managedBy) }))];
    const archived = archiveSchema === undefined ? undefined : objectNode({ archive: valueNode(archiveSchema) });
    const literal = objectNode({
      key: keyNode(rule),
      every: length(rule, every),
      within: within === undefined ? undefined : partedNode(within, rule.dependsOn, context),
      premake: premake === 3 ? undefined : valueNode(premake),
      past: optionalNode(rule.attributes.past),
      retain: length(rule, retain),
      onRetire: archived ?? unlessUsual(onRetire, 'keep'),
      grace: optionalNode(grace),
      retireAtMost: optionalNode(rule.attributes.retireLimit),
      exportBeforeDrop: optionalNode(rule.attributes.exports),
      zone: unlessUsual(zone, 'UTC'),
      template: storageNode(template),
      tablespace: optionalNode(rule.attributes.tablespace),
      analyzeEvery: optionalNode(rule.attributes.analyzeEvery),
    });
    return [field(table, 'partition rule', literal)];
  },
};
