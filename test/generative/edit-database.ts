/** Edits a database by hand, rows and all: what PostgreSQL refuses is not done, and something else is tried. */
import type { Client } from 'pg';
import { withClient } from '../support/database.ts';
import { catalogParts, databaseEdits, type DatabaseEdit } from './edits-of-databases.ts';
import type { Random } from './random.ts';

const editsAtMost = 8;
const triesAtMost = 60;

/** The statements that were run, in their order. */
export async function editDatabase(url: string, random: Random): Promise<readonly string[]> {
  const wanted = 2 + random.below(editsAtMost - 1);
  return withClient(url, async (client) => {
    // The casts of types that a driver would parse are of no interest, and orders must not depend on a locale.
    await client.query(`SET client_min_messages TO error; SET TimeZone TO 'UTC'`);
    const done: string[] = [];
    for (let tries = 0; done.length < wanted && tries < triesAtMost; tries += 1) {
      const edit = random.pick(databaseEdits);
      const sql = await pickStatement(client, edit, random, done.length + 1);
      if (sql !== undefined && (await isRun(client, edit, sql))) done.push(sql.sql);
    }
    return done;
  });
}

interface Picked {
  readonly sql: string;
  readonly relation: string | undefined;
}

async function pickStatement(client: Client, { candidates }: DatabaseEdit, random: Random, number: number): Promise<Picked | undefined> {
  const { rows } = await client.query<string[]>({
    text: `WITH ${catalogParts} SELECT * FROM (${candidates}) given ORDER BY 1`,
    rowMode: 'array',
  });
  if (rows.length === 0) return undefined;
  const [sql = '', relation] = random.pick(rows);
  return { sql: sql.replaceAll('$n', String(number)), relation };
}

async function isRun(client: Client, edit: DatabaseEdit, { sql, relation }: Picked): Promise<boolean> {
  await client.query('BEGIN');
  try {
    const views = edit.underViews === true && relation !== undefined ? await viewsOver(client, relation) : [];
    for (const { kind, name } of [...views].reverse()) await client.query(`DROP ${kind} ${name}`);
    await client.query(sql);
    for (const { kind, name, query, indexes } of views) {
      await client.query(`CREATE ${kind} ${name} AS ${query}`);
      for (const index of indexes) await client.query(index);
    }
    // What is deferred must hold as well.
    await client.query('COMMIT');
    return true;
  } catch {
    await client.query('ROLLBACK');
    return false;
  }
}

interface ViewMadeAgain {
  readonly kind: string;
  readonly name: string;
  readonly query: string;
  readonly indexes: readonly string[];
}

/** Views over a relation and over one another, lower ones first. */
async function viewsOver(client: Client, relation: string): Promise<readonly ViewMadeAgain[]> {
  const { rows } = await client.query<ViewMadeAgain>(
    `WITH RECURSIVE over(oid, depth) AS (
      SELECT $1::regclass::oid, 0
      UNION ALL
      SELECT w.ev_class, depth + 1 FROM over JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = over.oid AND d.classid = 'pg_rewrite'::regclass
      JOIN pg_rewrite w ON w.oid = d.objid WHERE w.ev_class <> over.oid AND depth < 20)
    SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS kind, c.oid::regclass::text AS name, rtrim(pg_get_viewdef(c.oid), ';') AS query,
      ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes
    FROM (SELECT oid, max(depth) AS depth FROM over WHERE depth > 0 GROUP BY oid) last JOIN pg_class c USING (oid)
    WHERE c.relkind IN ('v', 'm') ORDER BY last.depth, name`,
    [relation],
  );
  return rows;
}
