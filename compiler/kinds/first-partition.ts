/**
 * The table that was there before a table got its partition rule, as the first partition: its name,
 * and the boundary up to which it takes rows, worked out when the migration is applied. Statements of
 * kinds are made elsewhere; nothing is read here.
 */
import { address, type Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import { partsOf } from '../model/object.ts';
import { limitName } from '../sql/names.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import type { StorageParameters } from './attribute-types.ts';

/** What a partition rule says of its grid. */
export interface Grid {
  readonly column: string;
  readonly key?: 'uuidv7' | 'snowflake' | 'integer';
  readonly epoch?: string;
  readonly bits?: number;
  readonly every?: string;
  readonly zone: string;
  readonly template: StorageParameters;
}

/** The rule of a table, where partitions are made by one of ours. */
export function gridOf(table: Address, state: State): Grid | undefined {
  const rule = partsOf(state, table).find((part) => 'onRetire' in part.attributes && 'every' in part.attributes);
  return rule === undefined ? undefined : (rule.attributes as unknown as Grid);
}

/** What comes after the table of before is a partition of its successor needs this; no object has the id. */
export function firstPartitionMark(path: readonly string[]): Address {
  return address('first-partition', ...path);
}

/** A name that no relation of either state has: `digests_p_before`. */
export function setAsideName(table: SchemaObject, ...states: readonly State[]): string {
  const [schema = '', name = ''] = table.path;
  const taken = (candidate: string): boolean =>
    ['table', 'partition', 'view', 'materialized-view', 'sequence', 'index'].some((kind) =>
      states.some((state) => state.has(address(kind, schema, candidate))),
    );
  let candidate = limitName(`${name}_p_before`);
  for (let number = 2; taken(candidate); number += 1) candidate = limitName(`${name}_p_before_${String(number)}`);
  return candidate;
}

const now = `coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now())`;

/** What a value of the key must be below, whenever the boundary is drawn: rows of a proof meet it. */
export function beforeNow({ column, key, epoch, bits = 22 }: Grid): string | undefined {
  const name = quoteName(column);
  const milliseconds = `(extract(epoch FROM ${now}${epoch === undefined ? '' : ` - timestamptz ${quoteText(epoch)}`}) * 1000)::bigint`;
  if (key === 'integer') return undefined;
  if (key === 'snowflake') return `${name} < ${milliseconds} << ${String(bits)}`;
  if (key === 'uuidv7') return `${name} < rpad(lpad(to_hex(${milliseconds}), 12, '0'), 32, '0')::uuid`;
  return `${name} < ${now}`;
}

/** The rule as a row, without being one: the table is no partitioned one yet. */
function ruleRow({ key, epoch, bits, every, zone }: Grid): string {
  const step = key === 'integer' ? { step: Number(every) } : { every };
  return quoteText(
    JSON.stringify({
      key: key ?? 'time',
      ...step,
      zone,
      ...(epoch === undefined ? {} : { epoch }),
      ...(bits === undefined ? {} : { bits }),
    }),
  );
}

/** The boundary of a grid of numbers: one whole step ahead of the greatest key. */
function boundaryOfNumbers(table: string, column: string): string {
  return `EXECUTE ${quoteText(`SELECT coalesce(max(${column}), 0) FROM ${table}`)} INTO greatest;
  boundary := ((floor(greatest / rule.step) + 2) * rule.step)::bigint::text;`;
}

/** The boundary of a grid of times: the first one that is a week and a whole partition ahead. A key without a zone is the wall clock of the rule's zone. */
function boundaryOfTimes(table: string, column: string): string {
  return `SELECT format_type(a.atttypid, NULL) INTO STRICT key_type FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${quoteText(table)}::regclass AND a.attname = ${quoteText(column)};
  IF key_type IN ('date', 'timestamp without time zone') THEN
    at := (at AT TIME ZONE rule.zone) AT TIME ZONE 'UTC';
    rule.zone := 'UTC';
  END IF;
  SELECT cell.upper, schemac.partition_value(cell.upper, key_type, rule) INTO STRICT until, boundary
    FROM schemac.partition_cell(at + greatest(rule.every, interval '7 days'), rule.every, rule.zone) cell;`;
}

/**
 * Draws the boundary, forbids rows beyond it and notes it, in one transaction: whoever is stopped later
 * goes on with the same one. A check of NOT VALID reads no row.
 */
export function drawBoundary(table: SchemaObject, grid: Grid, check: string): string {
  const [name, column] = [qualifiedName(table.path), quoteName(grid.column)];
  const body = `
DECLARE
  at timestamptz := ${now};
  rule schemac.partition_rule := jsonb_populate_record(NULL::schemac.partition_rule, ${ruleRow(grid)});
  key_type text;
  greatest numeric;
  until timestamptz;
  boundary text;
BEGIN
  ${grid.key === 'integer' ? boundaryOfNumbers(name, column) : boundaryOfTimes(name, grid.column)}
  EXECUTE format(${quoteText(`ALTER TABLE ${name.replaceAll('%', '%%')} ADD CONSTRAINT ${quoteName(check).replaceAll('%', '%%')} CHECK (${column.replaceAll('%', '%%')} IS NOT NULL AND ${column.replaceAll('%', '%%')} < %L) NOT VALID`)}, boundary);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of)
    VALUES (${quoteText(name)}, ${quoteText(name)}, 'bounded', CASE WHEN until IS NOT NULL THEN timestamptz '-infinity' END, until, format('FOR VALUES FROM (MINVALUE) TO (%L)', boundary), at);
END
`;
  return `DO ${dollarQuote(body)}`;
}

/** Attaches the table of before with the boundary that was drawn; its check proves that no row lies beyond, so none is read. */
export function attachFirst(table: SchemaObject, aside: readonly string[], check: string, template: string): string {
  const [parent, child] = [qualifiedName(table.path), qualifiedName(aside)];
  const body = `
DECLARE
  drawn record;
BEGIN
  SELECT l.lower, l.upper, l.bound, l.as_of INTO STRICT drawn FROM schemac.partition_log l
    WHERE l.parent = ${quoteText(parent)} AND l.action = 'bounded' ORDER BY l.id DESC LIMIT 1;
  EXECUTE ${quoteText(`ALTER TABLE ${parent} ATTACH PARTITION ${child} `)} || drawn.bound;
  ALTER TABLE ${child} DROP CONSTRAINT ${quoteName(check)};${template}
  PERFORM schemac.partition_copy_settings(${quoteText(parent)}::regclass, ${quoteText(child)}::regclass);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of)
    VALUES (${quoteText(parent)}, ${quoteText(child)}, 'created', drawn.lower, drawn.upper, drawn.bound, drawn.as_of);
END
`;
  return `DO ${dollarQuote(body)}`;
}
