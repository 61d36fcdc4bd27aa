/**
 * A partition rule as the row of schemac.partition_rule that it is: its columns as SQL, and the
 * statements that write, change and forget it. What a change means is said elsewhere.
 */
import { dollarQuote, qualifiedName, quoteText } from '../../sql/quote.ts';
import { usualRetireLimit, type PartitionRule } from './object.ts';

export function textOrNull(text: string | undefined): string {
  return text === undefined ? 'NULL' : quoteText(text).trim();
}

/** The columns that every version of the table has, in the order of writing. */
function firstColumns({ attributes }: PartitionRule) {
  const isCounted = attributes.key === 'integer';
  return {
    column_name: textOrNull(attributes.column),
    every: textOrNull(isCounted ? undefined : attributes.every),
    premake: String(attributes.premake),
    retain: textOrNull(isCounted ? undefined : attributes.retain),
    on_retire: textOrNull(attributes.onRetire),
    archive_schema: textOrNull(attributes.archiveSchema),
    grace: textOrNull(attributes.grace),
    zone: textOrNull(attributes.zone),
    template: textOrNull(JSON.stringify(attributes.template)),
  };
}

function laterColumns({ attributes }: PartitionRule) {
  const isCounted = attributes.key === 'integer';
  const number = (value: number | string | undefined): string => (value === undefined ? 'NULL' : String(value));
  return {
    key: textOrNull(attributes.key ?? 'time'),
    epoch: textOrNull(attributes.epoch),
    bits: number(attributes.bits),
    step: number(isCounted ? attributes.every : undefined),
    retain_keys: number(isCounted ? attributes.retain : undefined),
    past: String(attributes.past ?? 0),
    retire_limit: String(attributes.retireLimit ?? usualRetireLimit),
    tablespace: textOrNull(attributes.tablespace),
    analyze_every: textOrNull(attributes.analyzeEvery),
    exports: String(attributes.exports ?? false),
    managed_by: textOrNull(attributes.managedBy),
    within: attributes.within === undefined ? 'NULL' : textOrNull(JSON.stringify(attributes.within)),
  };
}

/** What a column holds when nothing is said of it. */
const usual: { readonly [column: string]: string } = {
  ...{ key: "'time'", past: '0', retire_limit: String(usualRetireLimit), exports: 'false' },
};

type Values = ReturnType<typeof firstColumns> & ReturnType<typeof laterColumns>;
export type Column = keyof Values;

export function values(rule: PartitionRule): Values {
  return { ...firstColumns(rule), ...laterColumns(rule) };
}

export function parent(rule: PartitionRule): string {
  return textOrNull(qualifiedName(rule.path));
}

export function where(rule: PartitionRule): string {
  return `WHERE parent = ${parent(rule)}`;
}

/** Columns that hold what they hold by themselves are left out: a reviewer reads what the rule says. */
export function upsert(rule: PartitionRule): string {
  const said = Object.entries(laterColumns(rule)).filter(([name, value]) => value !== (usual[name] ?? 'NULL'));
  const columns = [...Object.entries(firstColumns(rule)), ...said];
  return [
    `INSERT INTO schemac.partition_rule (parent, ${columns.map(([name]) => name).join(', ')})`,
    `  VALUES (${parent(rule)}, ${columns.map(([, value]) => value).join(', ')})`,
    `  ON CONFLICT (parent) DO UPDATE SET ${columns.map(([name]) => `${name} = excluded.${name}`).join(', ')}`,
  ].join('\n');
}

export function updateColumns(rule: PartitionRule, columns: readonly Column[]): string {
  const set = columns.map((name) => `${name} = ${values(rule)[name]}`);
  return `UPDATE schemac.partition_rule SET ${set.join(', ')} ${where(rule)}`;
}

/** Makes what the rule wants at the time of the migration; proofs and tests set another clock. */
export function createNow(rule: PartitionRule): string {
  const body = `
BEGIN
  PERFORM schemac.partition_create(${parent(rule)}, coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
`;
  return `DO ${dollarQuote(body)}`;
}
