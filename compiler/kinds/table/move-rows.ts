/**
 * How rows come into the successor of a table while the application goes on: a trigger tells it of every
 * change, a copy in batches brings the rows of before, and one query over both proves them alike before
 * anything is exchanged (rule book P13 b).
 */
import { address } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { batchedCopy } from '../../sql/batched-update.ts';
import { dollarQuote, nameList, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { hazard, lock } from '../statements.ts';
import { columnList, followerName, movedMark, nameOf, sameKey, type Moving } from './moving.ts';

/** The names of our triggers on the old table. */
export const followTriggers = ['schemac_follow', 'schemac_follow_truncate'] as const;

/**
 * The row as the table has it now is written, not the one of the event: other triggers may have changed
 * it again. It writes as its owner, since whoever writes the table knows nothing of its successor.
 */
function followFunction(moving: Moving): string {
  const { old, next, follower, key, primaryKey, columns } = moving;
  const rest = columns.filter((name) => !primaryKey.includes(name));
  const set = rest.map((name) => `${quoteName(name)} = excluded.${quoteName(name)}`).join(', ');
  const body = `
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM ${next};
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM ${next} gone WHERE ${sameKey(key, 'gone', 'OLD')};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO ${next} (${columnList(moving)}) OVERRIDING SYSTEM VALUE
      SELECT ${columns.map((name) => `now.${quoteName(name)}`).join(', ')} FROM ${old} now WHERE ${sameKey(key, 'now', 'NEW')}
      ON CONFLICT (${nameList(primaryKey)}) DO ${rest.length === 0 ? 'NOTHING' : `UPDATE SET ${set}`};
  END IF;
  RETURN NULL;
END
`;
  return `CREATE FUNCTION ${follower}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${dollarQuote(body)}`;
}

/** ALWAYS: what comes by logical replication is followed too. */
function follow(moving: Moving): readonly Statement[] {
  const { table, old, follower } = moving;
  const [rows, truncate] = followTriggers;
  const steps: readonly (readonly [string, string])[] = [
    [followFunction(moving), `What tells the successor of ${nameOf(moving)} of a change.`],
    [
      `CREATE TRIGGER ${rows} AFTER INSERT OR UPDATE OR DELETE ON ${old} FOR EACH ROW EXECUTE FUNCTION ${follower}()`,
      `From now on every change of ${nameOf(moving)} is one of its successor too.`,
    ],
    [`CREATE TRIGGER ${truncate} AFTER TRUNCATE ON ${old} FOR EACH STATEMENT EXECUTE FUNCTION ${follower}()`, 'TRUNCATE too.'],
    [`ALTER TABLE ${old} ENABLE ALWAYS TRIGGER ${rows}, ENABLE ALWAYS TRIGGER ${truncate}`, 'Whoever makes the change.'],
  ];
  return steps.map(([sql, purpose], place) =>
    statement({
      sql,
      purpose,
      subject: table.id,
      needs: moving.prepared,
      locks: place === 0 ? [] : lock('ShareRowExclusiveLock', table.id),
      hazards:
        place === 1
          ? [hazard('blocks-writes', table.id, 'for a moment; afterwards every write is one of two tables, until they are exchanged')]
          : [],
      atomic: `follow ${table.id}`,
    }),
  );
}

function copy(moving: Moving): Statement {
  const { table, old, next } = moving;
  return statement({
    sql: batchedCopy({ table: old, into: next, columns: columnList(moving), key: nameList(moving.primaryKey) }),
    purpose: `Copy the rows of ${nameOf(moving)} into its successor, batch by batch.`,
    subject: address('rows', ...table.path),
    step: 'backfill',
    batches: table.id,
    hazards: [
      hazard('long-scan', table.id, 'every row is copied, in small transactions that keep others from changing the rows of their batch'),
      hazard('data-dependent', table.id, 'fails where a row has no partition, or breaks a constraint that only the successor has'),
    ],
  });
}

/** The checksum does not depend on the order of rows. Row security that left out rows makes it an error. */
function compare(moving: Moving): string {
  const { old, next } = moving;
  const columns = moving.columns.map(quoteName).join(', ');
  const sum = `SELECT count(*) AS rows, coalesce(sum(hashtextextended(ROW(${columns})::text, 0)::numeric), 0) AS checksum FROM`;
  const body = `
DECLARE
  found record;
BEGIN
  PERFORM set_config('row_security', 'off', true);
  SELECT was.rows AS were, was.checksum AS was, now.rows AS are, now.checksum AS is INTO STRICT found
    FROM (${sum} ${old}) was, (${sum} ${next}) now;
  IF (found.were, found.was) IS DISTINCT FROM (found.are, found.is) THEN
    RAISE EXCEPTION '% has % rows with checksum %, its successor % with checksum %', ${quoteText(nameOf(moving))}, found.were, found.was, found.are, found.is
      USING ERRCODE = 'data_exception', HINT = 'Nothing was exchanged. See which rows differ by EXCEPT between the two, and mend them in the successor; a writer that fires no trigger may be at work.';
  END IF;
END
`;
  return `DO ${dollarQuote(body)}`;
}

function analyzeAndCompare(moving: Moving): readonly Statement[] {
  const { table, next } = moving;
  return [
    statement({
      sql: `ANALYZE ${next}`,
      purpose: `Gather statistics of the successor, so that queries are planned well from the first one on.`,
      subject: table.id,
      step: 'validate',
    }),
    statement({
      sql: compare(moving),
      purpose: `Prove in one snapshot that ${nameOf(moving)} and its successor hold the same rows, by number and checksum.`,
      subject: table.id,
      step: 'validate',
      makes: [movedMark(moving)],
      scans: [table.id],
    }),
  ];
}

/** Nothing in the schema of successors is in use, but by our own triggers. */
export function clearBefore(path: readonly string[]): string {
  const [schema = '', name = ''] = path;
  const follower = qualifiedName([schema, followerName(name)]);
  return `DO ${dollarQuote(`
BEGIN
  PERFORM set_config('client_min_messages', 'warning', true);
  DROP FUNCTION IF EXISTS ${follower}() CASCADE;
  DROP TABLE IF EXISTS ${qualifiedName(path)} CASCADE;
END
`)}`;
}

/** Everything before the exchange. */
export function moveRows(moving: Moving): readonly Statement[] {
  return [...follow(moving), copy(moving), ...analyzeAndCompare(moving)].map((step): Statement => ({
    ...step,
    apart: true,
    makes: [...step.makes, address('prepared', ...moving.table.path)],
  }));
}
