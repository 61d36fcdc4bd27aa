/**
 * A trigger that keeps rows in step while a migration is under way: what it does to a row that is
 * written is PL/pgSQL over NEW and OLD, given by whoever needs it. Text only; it knows no kind.
 */
import { dollarQuote, qualifiedName, quoteName } from './quote.ts';

export interface RowTrigger {
  /** Schema and table. */
  readonly table: readonly [schema: string, name: string];
  /** Of the trigger, and of its function in the table's schema. */
  readonly name: string;
  readonly timing: 'BEFORE' | 'AFTER';
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE')[];
  /** Statements of PL/pgSQL, before RETURN. */
  readonly body: string;
  /** Settings of the session that makes it, which its values depend on, as `search_path` and `TimeZone`. */
  readonly settings?: readonly string[];
}

/** The statements that make it, in their order, and those that take it away; each kind in one transaction. */
export interface RowTriggerSql {
  readonly create: { readonly routine: string; readonly trigger: string; readonly always: string };
  readonly drop: { readonly trigger: string; readonly routine: string };
}

/**
 * Of the row triggers of one moment the last by name has the last word (manual §39.1), and a tilde comes
 * after every letter.
 */
export function lastTriggerName(name: string): string {
  return `~${name}`;
}

/**
 * With `settings` its function runs as the migration would, whoever writes the row; each costs a little for
 * every row. ENABLE ALWAYS lets it fire for rows that logical replication applies too (manual: ALTER TABLE).
 */
export function rowTrigger({ table, name, timing, events, body, settings = [] }: RowTrigger): RowTriggerSql {
  const [relation, routine] = [qualifiedName(table), qualifiedName([table[0], name])];
  const kept = settings.map((setting) => ` SET ${setting} FROM CURRENT`).join('');
  const text = `\n#variable_conflict use_column\nBEGIN\n${body}\n  RETURN ${timing === 'AFTER' ? 'NULL' : 'NEW'};\nEND\n`;
  return {
    create: {
      routine: `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql${kept} AS ${dollarQuote(text)}`,
      trigger: `CREATE TRIGGER ${quoteName(name)} ${timing} ${events.join(' OR ')} ON ${relation} FOR EACH ROW EXECUTE FUNCTION ${routine}()`,
      always: `ALTER TABLE ${relation} ENABLE ALWAYS TRIGGER ${quoteName(name)}`,
    },
    drop: { trigger: `DROP TRIGGER ${quoteName(name)} ON ${relation}`, routine: `DROP FUNCTION ${routine}()` },
  };
}

/** NEW.`column` gets the value of an expression over the row's columns, as an UPDATE would give it. */
export function assignFromRow(table: string, column: string, expression: string): string {
  return `  SELECT ${expression} INTO NEW.${quoteName(column)} FROM (SELECT NEW.*) AS ${quoteName(table)};`;
}

/** NEW.`column` gets the value of another one, converted as by an assignment; cheaper than an expression. */
export function assignColumn(column: string, from: string): string {
  return `  NEW.${quoteName(column)} := NEW.${quoteName(from)};`;
}

/**
 * Two columns that mean the same, the old one known to old code and the new one to new code: whoever
 * writes one of them writes the other. Where an INSERT gives both, the new one counts.
 */
export function keepEqual(old: string, now: string): string {
  const [was, is] = [`NEW.${quoteName(old)}`, `NEW.${quoteName(now)}`];
  const changed = `${is} IS NOT DISTINCT FROM OLD.${quoteName(now)}`;
  return [
    `  IF TG_OP = 'INSERT' AND ${is} IS NOT DISTINCT FROM NULL OR TG_OP = 'UPDATE' AND ${changed} THEN`,
    `    ${is} := ${was};`,
    '  ELSE',
    `    ${was} := ${is};`,
    '  END IF;',
  ].join('\n');
}
