/**
 * The only list of lint rules, in the order in which they run. The last one asks what the others
 * left unused, so it stays last.
 */
import type { LintRule } from './rule.ts';
import { timestampWithoutTimeZone } from './rules/timestamp-without-time-zone.ts';
import { undocumentedColumn } from './rules/undocumented-column.ts';
import { undocumentedTable } from './rules/undocumented-table.ts';

export const rules: readonly LintRule[] = [undocumentedTable, undocumentedColumn, timestampWithoutTimeZone];
