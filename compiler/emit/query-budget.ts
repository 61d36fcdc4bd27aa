/** A query's budget and what was planned against it, in words: for pages and for the command line. */
import { costText, counted, countText } from '../model/figures.ts';
import type { QueryBudget, QueryPlan } from '../model/workload.ts';

/** Each word of the budget. */
export function budgetWords(budget: QueryBudget): readonly string[] {
  const { maxCost, maxRows, maxPartitions, noSeqScan, noSort, indexOnly, under } = budget;
  return [
    ...(maxCost === undefined ? [] : [`cost at most ${costText(maxCost)}`]),
    ...(maxRows === undefined ? [] : [`at most ${counted(maxRows, 'row')}`]),
    ...(maxPartitions === undefined ? [] : [`at most ${counted(maxPartitions, 'partition')} of a table`]),
    ...(noSeqScan === undefined
      ? []
      : [noSeqScan === true ? 'nothing read whole' : `nothing of more than ${countText(noSeqScan)} rows read whole`]),
    ...(noSort === true ? ['no sorting'] : []),
    ...(indexOnly === true ? ['from indexes alone'] : []),
    ...(under === undefined ? [] : [`99 of 100 calls under ${under}`]),
  ];
}

/** What the plan costs, now and later. */
export function planWords({ cost, genericCost, grownCost, rows, partitions }: QueryPlan): readonly string[] {
  return [
    `cost ${costText(cost)}`,
    `${costText(grownCost)} with ten times the rows`,
    ...(genericCost === cost ? [] : [`${costText(genericCost)} when planned for any parameters`]),
    counted(rows, 'row'),
    ...(partitions === 0 ? [] : [`${counted(partitions, 'partition')} of a table`]),
  ];
}
