/** The room that tables take, as a section of the design document and as a line of a table's page. */
import type { Address } from '../../model/address.ts';
import { bytesText, countText } from '../../model/figures.ts';
import type { TableCapacity } from '../../model/workload.ts';
import { markdownTable } from '../escape/markdown.ts';
import type { Pages } from './links.ts';

const indexBytes = ({ indexes }: TableCapacity): number => indexes.reduce((sum, { bytes }) => sum + bytes, 0);

/** Tables in the order of their size; empty where nobody declared rows. */
export function capacitySection(pages: Pages): string {
  const tables = (pages.context.capacity ?? []).filter(({ table, rows }) => rows > 0 && isOurs(table, pages));
  if (tables.length === 0) return '';
  const rows = [...tables]
    .sort((left, right) => right.total - left.total)
    .map((each) => [
      pages.link(each.table),
      countText(each.rows),
      countText(each.rowBytes),
      bytesText(each.heap),
      each.toast === 0 ? '' : bytesText(each.toast),
      bytesText(indexBytes(each)),
      each.partitions === 0 ? '' : `${bytesText(each.total / each.partitions)} in ${each.partitions}`,
      each.perYear === undefined ? '' : bytesText(each.perYear),
      `**${bytesText(each.total)}**`,
    ]);
  const total = tables.reduce((sum, each) => sum + each.total, 0);
  const reading =
    'At the declared rows, with all that is kept: worked out from types, alignment and declared widths, for tables and indexes as a load leaves them. A row is in bytes of its page; what is too long for it lies outside.';
  const headings = ['Table', 'Rows', 'A row', 'Rows take', 'Outside', 'Indexes', 'A partition', 'A year', 'In all'];
  return [reading, markdownTable(headings, rows), `All of it: **${bytesText(total)}**.`].join('\n\n');
}

function isOurs(table: Address, { catalogue }: Pages): boolean {
  const node = catalogue.node(table);
  return node?.node === 'table' && node.form !== 'external table';
}

/** The size of one index; empty where it is not known. */
export function indexSize(index: Address, { context }: Pages): string {
  const found = context.capacity?.flatMap(({ indexes }) => indexes).find((each) => each.index === index);
  return found === undefined || found.bytes === 0 ? '' : bytesText(found.bytes);
}
