/**
 * Reads triggers from pg_trigger (manual §52.57). Triggers of foreign keys are internal, and those on
 * partitions that came down from a partitioned table are its own: neither is read.
 */
import { address } from '../../model/address.ts';
import { nextToken } from '../../sql/scan.ts';
import { flagOf, numberOf, optional, optionalText, ourRelation, textOf, textsOf } from '../catalog.ts';
import type { CatalogRow, Introspection } from '../contract.ts';
import type { Trigger, TriggerAttributes, TriggerEvent } from './object.ts';

// Bits of tgtype (src/include/catalog/pg_trigger.h).
const row = 1;
const before = 2;
const insteadOf = 64;
const eventBits: readonly (readonly [TriggerEvent, number])[] = [
  ['insert', 4],
  ['update', 16],
  ['delete', 8],
  ['truncate', 32],
];
const states = { O: 'origin', D: 'disabled', R: 'replica', A: 'always' } as const;

export const introspectTriggers: Introspection<Trigger> = {
  entries: { catalog: 'pg_trigger', where: `NOT tgisinternal` },
  query: (context) => `
    SELECT t.oid::int8 AS oid, t.tgrelid::int8 AS relation, nullif(t.tgconstraint, 0)::int8 AS "constraint", n.nspname AS schema,
      c.relname AS "table", t.tgname AS name, t.tgtype::int AS type, t.tgenabled::text AS enabled,
      (SELECT json_agg(a.attname ORDER BY key.place) FROM unnest(t.tgattr::int2[]) WITH ORDINALITY key(number, place)
         JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = key.number) AS columns,
      pg_get_triggerdef(t.oid) AS definition, t.tgqual IS NOT NULL AS conditional,
      format('%I.%I', fn.nspname, f.proname) AS function, encode(t.tgargs, 'hex') AS arguments, t.tgnargs::int AS argument_count,
      t.tgoldtable AS old_table, t.tgnewtable AS new_table, t.tgdeferrable AS deferrable, t.tginitdeferred AS deferred,
      CASE WHEN t.tgconstrrelid <> 0 THEN (SELECT format('%I.%I', rn.nspname, r.relname) FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = t.tgconstrrelid) END AS "references"
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc f ON f.oid = t.tgfoid
    JOIN pg_namespace fn ON fn.oid = f.pronamespace
    WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ${ourRelation(context, `'r', 'p', 'v', 'f'`)}`,
  read: (entry, context) => {
    const path = [textOf(entry, 'schema'), textOf(entry, 'table'), textOf(entry, 'name')];
    const on = context.resolve({ catalog: 'pg_class', oid: numberOf(entry, 'relation') });
    if (on === undefined) return undefined;
    const constraint = entry['constraint'];
    return {
      object: { kind: 'trigger', id: address('trigger', ...path), path, partOf: on, attributes: attributesOf(entry) },
      identities: [
        { catalog: 'pg_trigger', oid: numberOf(entry, 'oid') },
        ...(typeof constraint === 'number' ? [{ catalog: 'pg_constraint', oid: constraint }] : []),
      ],
    };
  },
};

function attributesOf(entry: CatalogRow): TriggerAttributes {
  const type = numberOf(entry, 'type');
  const has = (bit: number): boolean => (type & bit) !== 0;
  const deferral = flagOf(entry, 'deferred') ? 'initially deferred' : flagOf(entry, 'deferrable') ? 'deferrable' : 'not deferrable';
  return {
    timing: has(insteadOf) ? 'instead of' : has(before) ? 'before' : 'after',
    events: eventBits.filter(([, bit]) => has(bit)).map(([event]) => event),
    updateOf: textsOf(entry, 'columns'),
    level: has(row) ? 'row' : 'statement',
    ...optional('condition', flagOf(entry, 'conditional') ? conditionIn(textOf(entry, 'definition')) : undefined),
    function: textOf(entry, 'function'),
    arguments: argumentsOf(entry),
    ...optional('oldTable', optionalText(entry, 'old_table')),
    ...optional('newTable', optionalText(entry, 'new_table')),
    ...optional(
      'constraint',
      typeof entry['constraint'] === 'number' ? { deferral, ...optional('references', optionalText(entry, 'references')) } : undefined,
    ),
    enabled: states[textOf(entry, 'enabled') as keyof typeof states],
  };
}

/** tgargs is the arguments one after another, each ended by a zero byte. */
function argumentsOf(entry: CatalogRow): readonly string[] {
  if (numberOf(entry, 'argument_count') === 0) return [];
  return Buffer.from(textOf(entry, 'arguments'), 'hex').toString('utf8').split('\0').slice(0, -1);
}

/**
 * The condition in what pg_get_triggerdef prints: pg_get_expr cannot print an expression over OLD and
 * NEW. WHEN is a reserved word, so the first that stands outside quotes and parentheses is the one.
 */
function conditionIn(definition: string): string | undefined {
  let depth = 0;
  let start: number | undefined;
  let isNext = false;
  for (
    let token = nextToken(definition, 0);
    token !== undefined && token.token !== 'unterminated';
    token = nextToken(definition, token.end)
  ) {
    const text = definition.slice(token.start, token.end);
    if (text === '(') {
      if (isNext && start === undefined) start = token.end;
      depth += 1;
    } else if (text === ')') {
      depth -= 1;
      if (start !== undefined && depth === 0) return definition.slice(start, token.start);
    }
    if (start === undefined) isNext = depth === 0 && token.token === 'word' && text === 'WHEN';
  }
  return undefined;
}
