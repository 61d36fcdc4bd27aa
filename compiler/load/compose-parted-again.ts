/**
 * How each partition of a rule is partitioned again becomes data of the rule: keys and bounds as text, from
 * which the functions in the database make the parts. No part is an object: they come and go with time.
 */
import type { PartitionedAgain } from '../kinds/partition-rule/object.ts';
import type { PartedAgain, PartitionInput } from '../dsl/partitions.ts';
import type { Address } from '../model/address.ts';
import { checkGaps, checkParts } from './check-bounds.ts';
import { columnNeeds } from './compose-constraints.ts';
import type { TableContext } from './compose-table.ts';
import { present } from './context.ts';
import { boundText, partitionKeyText } from './partition-text.ts';

/** The children that are written, or one for each remainder where a hash names none. */
function withChildren(by: PartedAgain | PartitionInput): PartitionInput {
  const { children = {} } = by as Partial<PartitionInput>;
  if (by.strategy !== 'hash' || Object.keys(children).length > 0) return { ...by, children };
  const remainders = Array.from({ length: Math.min(by.modulus ?? 0, 1000) }, (_, remainder) => [String(remainder), { remainder }] as const);
  return { ...by, children: Object.fromEntries(remainders) };
}

const told = ['storageParameters', 'doc', 'schema', 'renamedFrom'] as const;

/** What a part of every partition cannot say by itself. */
function checkPart(name: string, child: PartitionInput['children'][string], keys: readonly string[], inner: TableContext): void {
  for (const field of told) {
    if (child[field] === undefined) continue;
    inner.report({
      code: 'invalid-partition-rule',
      message: `the part "${name}" of every partition of table "${inner.table.name}" says ${field}, which only a partition of its own can have`,
      hint: field === 'storageParameters' ? 'write it for all of them: template' : 'leave it out',
      at: inner.table.origin,
      keys: [...keys, name],
    });
  }
}

/**
 * Reports what is wrong with it, and gives the rule its data and the columns that it needs.
 * @param keys where it stands in the declaration.
 */
export function composePartedAgain(
  given: PartedAgain | PartitionInput,
  keys: readonly string[],
  inner: TableContext,
): { readonly within: PartitionedAgain; readonly needs: readonly Address[] } {
  const by = withChildren(given);
  if (by.rule !== undefined) {
    inner.report({
      code: 'invalid-partition-rule',
      message: `the partitions of table "${inner.table.name}" are to be partitioned again by a rule`,
      hint: "a rule stands at the top alone; below it are hash('id', { modulus: 4 }) and list('region', { children: { … } })",
      at: inner.table.origin,
      keys,
    });
  }
  const columns = by.keys.filter((key) => typeof key === 'string');
  const needs = [...columnNeeds(columns, 'the partition key', keys, inner)];
  checkParts(by, keys, inner);
  const parts = Object.entries(by.children).map(([name, child]) => {
    checkPart(name, child, keys, inner);
    const at = [...keys, name];
    const what = `the part "${name}" of every partition of table "${inner.table.name}"`;
    const bound = boundText(by, child, { at: inner.table.origin, keys: at, what }, inner);
    const below = child.partitionBy === undefined ? undefined : composePartedAgain(child.partitionBy, at, inner);
    needs.push(...bound.needs, ...(below?.needs ?? []));
    return { name, bound: bound.text, ...present({ within: below?.within }) };
  });
  checkGaps(by, parts, keys, inner);
  return { within: { key: partitionKeyText(by, inner) ?? '', parts }, needs };
}
