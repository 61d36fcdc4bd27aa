/**
 * What people do to a database by hand, as queries over its catalogs: each gives one statement a row,
 * of which one is picked. A statement that PostgreSQL or the rows refuse is no edit; `$n` is a number
 * of its own, for names.
 */

export interface DatabaseEdit {
  readonly name: string;
  readonly candidates: string;
  /** The views over the relation in the column `relation` are taken down before and put up after. */
  readonly underViews?: true;
}

/** What every query may read: relations, columns and routines of the database's own. */
export const catalogParts = `
  own AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
  of_extension AS (SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'),
  relation AS (
    SELECT c.oid, c.relkind, c.relispartition, c.relname, own.nspname, format('%I.%I', own.nspname, c.relname) AS path
    FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE ('pg_class'::regclass, c.oid) NOT IN (SELECT * FROM of_extension)),
  tab AS (SELECT * FROM relation WHERE relkind IN ('r', 'p') AND NOT relispartition),
  col AS (
    SELECT tab.oid, tab.path, tab.relname, a.attnum, quote_ident(a.attname) AS col, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.atthasdef,
      a.attidentity <> '' OR a.attgenerated <> '' AS is_made,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = tab.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS is_key
    FROM tab JOIN pg_attribute a ON a.attrelid = tab.oid AND a.attnum > 0 AND NOT a.attisdropped),
  routine AS (
    SELECT p.oid, p.prokind, p.prorettype, l.lanname, p.oid::regprocedure::text AS signature FROM pg_proc p JOIN own ON own.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang WHERE ('pg_proc'::regclass, p.oid) NOT IN (SELECT * FROM of_extension)),
  con AS (SELECT k.oid, k.contype, k.conindid, quote_ident(k.conname) AS con, pg_get_constraintdef(k.oid) AS definition, tab.path
    FROM pg_constraint k JOIN tab ON tab.oid = k.conrelid WHERE k.conparentid = 0)`;

const one = (name: string, candidates: string): DatabaseEdit => ({ name, candidates });

const wider = `(VALUES ('smallint', 'integer'), ('integer', 'bigint'), ('integer', 'numeric'), ('bigint', 'numeric'), ('date', 'timestamp without time zone'),
  ('timestamp without time zone', 'timestamp with time zone'), ('timestamp with time zone', 'timestamp without time zone'), ('text', 'character varying(900)'),
  ('boolean', 'text'), ('uuid', 'text'), ('real', 'double precision'), ('bytea', 'bytea'))`;

const columns: readonly DatabaseEdit[] = [
  one(
    'adds a column',
    `SELECT format('ALTER TABLE %s ADD COLUMN added_$n %s', path, type) FROM tab, unnest(ARRAY['integer', 'text', 'timestamptz DEFAULT ''2026-01-01''', 'numeric(8, 2)', 'text[]', 'jsonb NOT NULL DEFAULT ''{}''',
      'varchar(30) COLLATE "C"', 'boolean NOT NULL DEFAULT false']) type`,
  ),
  one(
    'adds a generated column',
    `SELECT format('ALTER TABLE %s ADD COLUMN added_$n integer GENERATED ALWAYS AS (length(%s)) STORED', path, col) FROM col WHERE type = 'text' OR type LIKE 'character varying%' AND NOT is_made`,
  ),
  one('drops a column', `SELECT format('ALTER TABLE %s DROP COLUMN %s CASCADE', path, col) FROM col WHERE NOT is_key`),
  one('renames a column', `SELECT format('ALTER TABLE %s RENAME COLUMN %s TO renamed_$n', path, col) FROM col WHERE NOT attnotnull`),
  {
    name: 'changes a type',
    underViews: true,
    candidates: `SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE %s', path, col, w.now) AS sql, path AS relation FROM col JOIN ${wider} w(was, now) ON w.was = type`,
  },
  {
    name: 'changes a length',
    underViews: true,
    candidates: `SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE %s', path, col, now) AS sql, path AS relation FROM col,
      unnest(ARRAY['text', 'character varying(777)']) now WHERE type ~ '^character( varying)?\\('`,
  },
  one(
    'sets a default',
    `SELECT format('ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s', path, col, CASE WHEN type IN ('integer', 'bigint', 'smallint') THEN '7' WHEN type LIKE 'timestamp%' THEN 'now()' ELSE '''seven''' END)
    FROM col WHERE NOT is_made AND (type IN ('integer', 'bigint', 'smallint', 'text') OR type LIKE 'timestamp%' OR type LIKE 'character varying%')`,
  ),
  one(
    'drops a default',
    `SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT', path, col) FROM col WHERE atthasdef AND NOT is_made`,
  ),
  one('asks for a value', `SELECT format('ALTER TABLE %s ALTER COLUMN %s SET NOT NULL', path, col) FROM col WHERE NOT attnotnull`),
  one(
    'asks for no value',
    `SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL', path, col) FROM col WHERE attnotnull AND NOT is_key`,
  ),
  one(
    'changes how a column is kept',
    `SELECT format('ALTER TABLE %s ALTER COLUMN %s SET %s', path, col, how) FROM col, unnest(ARRAY['STATISTICS 321', 'STORAGE PLAIN', '(n_distinct = 55)', 'COMPRESSION pglz']) how`,
  ),
  one(
    'comments on a column',
    `SELECT format('COMMENT ON COLUMN %s.%s IS %s', path, col, text) FROM col, unnest(ARRAY['''It''''s $n''', 'NULL']) text`,
  ),
  one(
    'makes a column count',
    `SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT, ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY', path, col, col) FROM col WHERE is_key AND NOT is_made AND type IN ('integer', 'bigint')`,
  ),
];

const tables: readonly DatabaseEdit[] = [
  one(
    'makes a table that refers',
    `SELECT format('CREATE TABLE %I.made_$n (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, other %s REFERENCES %s (%s) ON DELETE CASCADE, note text DEFAULT ''a'' CHECK (note <> ''''))', nspname, type, path, col)
    FROM col JOIN tab USING (oid, path) WHERE is_key`,
  ),
  one(
    'makes a partitioned table',
    `SELECT format('CREATE TABLE %I.made_$n (id integer PRIMARY KEY, note text) PARTITION BY HASH (id); CREATE TABLE %I.made_$n_0 PARTITION OF %I.made_$n FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    CREATE INDEX ON %I.made_$n (note)', nspname, nspname, nspname, nspname) FROM own`,
  ),
  one('drops a table', `SELECT format('DROP TABLE %s CASCADE', path) FROM tab`),
  one('renames a table', `SELECT format('ALTER TABLE %s RENAME TO renamed_$n', path) FROM tab`),
  one('moves a table', `SELECT format('CREATE SCHEMA moved_$n; ALTER TABLE %s SET SCHEMA moved_$n', path) FROM tab`),
  one(
    'sets how a table is kept',
    `SELECT format('ALTER TABLE %s SET %s', path, how) FROM tab, unnest(ARRAY['(fillfactor = 66)', '(autovacuum_enabled = false)', 'UNLOGGED']) how`,
  ),
  one('comments on a table', `SELECT format('COMMENT ON TABLE %s IS ''Edited, "really" $n''', path) FROM tab`),
  one(
    'secures rows',
    `SELECT format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY; CREATE POLICY own_$n ON %s FOR %s TO schemac_edit_reader USING (%s IS NOT NULL)', path, path, command, col) FROM col, unnest(ARRAY['ALL', 'SELECT', 'DELETE']) command`,
  ),
  one('says how rows are told apart', `SELECT format('ALTER TABLE %s REPLICA IDENTITY FULL', path) FROM tab`),
  one('drops a partition', `SELECT format('DROP TABLE %s', path) FROM relation WHERE relkind = 'r' AND relispartition`),
  one('publishes a table', `SELECT format('CREATE PUBLICATION published_$n FOR TABLE %s', path) FROM tab`),
  one(
    'measures columns together',
    `SELECT format('CREATE STATISTICS %I.measured_$n ON %s, %s FROM %s', t.nspname, a.col, b.col, a.path) FROM col a JOIN col b ON a.oid = b.oid AND a.attnum < b.attnum JOIN tab t ON t.oid = a.oid`,
  ),
];

const constraints: readonly DatabaseEdit[] = [
  one('drops a constraint', `SELECT format('ALTER TABLE %s DROP CONSTRAINT %s CASCADE', path, con) FROM con WHERE contype <> 'n'`),
  one(
    'renames a constraint',
    `SELECT format('ALTER TABLE %s RENAME CONSTRAINT %s TO renamed_$n', path, con) FROM con WHERE contype <> 'n'`,
  ),
  one(
    'adds a check',
    `SELECT format('ALTER TABLE %s ADD CONSTRAINT added_$n CHECK (%s)%s', path, CASE WHEN type IN ('integer', 'bigint', 'numeric') THEN col || ' > -5' WHEN type = 'text' OR type LIKE 'character varying%' THEN col || ' NOT IN (''no'', ''never'')' ELSE col || ' IS NOT NULL OR true' END, valid)
    FROM col, unnest(ARRAY['', ' NOT VALID']) valid`,
  ),
  one(
    'adds a unique key',
    `SELECT format('ALTER TABLE %s ADD CONSTRAINT added_$n UNIQUE (%s, %s)%s', a.path, a.col, b.col, later) FROM col a JOIN col b ON a.oid = b.oid AND a.attnum <> b.attnum AND a.is_key, unnest(ARRAY['', ' DEFERRABLE INITIALLY DEFERRED']) later`,
  ),
  one(
    'refers otherwise',
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT %s %s', path, con, con, CASE WHEN definition LIKE '% ON %' THEN regexp_replace(definition, ' ON .*', '') ELSE definition || ' ON DELETE CASCADE' END) FROM con WHERE contype = 'f'`,
  ),
  one(
    'refers later',
    `SELECT format('ALTER TABLE %s ALTER CONSTRAINT %s DEFERRABLE INITIALLY DEFERRED', path, con) FROM con WHERE contype = 'f'`,
  ),
  one(
    'adds an index',
    `SELECT format('CREATE %s ON %s %s', what, path, replace(how, '%', col)) FROM col,
    (VALUES ('INDEX indexed_$n', '(%)'), ('INDEX indexed_$n', '(% DESC NULLS LAST)'), ('INDEX indexed_$n', '((% IS NULL))'), ('INDEX indexed_$n', '(%) WHERE % IS NOT NULL'), ('INDEX indexed_$n', 'USING hash (%)')) ways(what, how)`,
  ),
  one('adds a unique index', `SELECT format('CREATE UNIQUE INDEX indexed_$n ON %s (%s)', path, col) FROM col WHERE is_key`),
  one('drops an index', `SELECT format('DROP INDEX %s', path) FROM relation WHERE relkind IN ('i', 'I') AND NOT relispartition`),
  one(
    'renames an index',
    `SELECT format('ALTER INDEX %s RENAME TO renamed_$n', path) FROM relation WHERE relkind IN ('i', 'I') AND NOT relispartition`,
  ),
  one(
    'comments on an index',
    `SELECT format('COMMENT ON INDEX %s IS ''For $n.''', path) FROM relation WHERE relkind IN ('i', 'I') AND NOT relispartition`,
  ),
  one(
    'clusters by an index',
    `SELECT format('ALTER TABLE %s CLUSTER ON %I', tab.path, x.relname) FROM tab JOIN pg_index i ON i.indrelid = tab.oid JOIN pg_class x ON x.oid = i.indexrelid`,
  ),
];

const views: readonly DatabaseEdit[] = [
  one(
    'makes a view',
    `SELECT format('CREATE VIEW %I.viewed_$n AS SELECT %s AS seen, t FROM %s t WHERE %s IS NOT NULL', tab.nspname, col, col.path, col) FROM col JOIN tab USING (oid)`,
  ),
  one(
    'makes a view over a view',
    `SELECT format('CREATE VIEW %I.viewed_$n AS SELECT * FROM %s', nspname, path) FROM relation WHERE relkind IN ('v', 'm')`,
  ),
  one(
    'makes a materialized view',
    `SELECT format('CREATE MATERIALIZED VIEW %I.kept_$n AS SELECT %s AS seen, count(*) AS times FROM %s GROUP BY 1; CREATE UNIQUE INDEX ON %I.kept_$n (seen)', tab.nspname, col, col.path, tab.nspname) FROM col JOIN tab USING (oid)`,
  ),
  one(
    'drops a view',
    `SELECT format('DROP %s %s CASCADE', CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, path) FROM relation WHERE relkind IN ('v', 'm')`,
  ),
  one(
    'shows one column more',
    `SELECT format('CREATE OR REPLACE VIEW %s AS SELECT whole.*, 7 AS seven_$n FROM (%s) whole', path, rtrim(pg_get_viewdef(oid), ';')) FROM relation WHERE relkind = 'v'`,
  ),
  one('guards a view', `SELECT format('ALTER VIEW %s SET (security_barrier)', path) FROM relation WHERE relkind = 'v'`),
  one('comments on a view', `SELECT format('COMMENT ON VIEW %s IS ''Seen $n.''', path) FROM relation WHERE relkind = 'v'`),
  one('grants a view', `SELECT format('GRANT SELECT ON %s TO schemac_edit_reader', path) FROM relation WHERE relkind IN ('v', 'm')`),
];

const routines: readonly DatabaseEdit[] = [
  one(
    'changes how a function runs',
    `SELECT format('ALTER FUNCTION %s %s', signature, how) FROM routine, unnest(ARRAY['COST 77', 'STABLE', 'SECURITY DEFINER', 'SET work_mem = ''9MB''', 'STRICT', 'PARALLEL SAFE']) how WHERE prokind = 'f'`,
  ),
  one('drops a function', `SELECT format('DROP ROUTINE %s CASCADE', signature) FROM routine`),
  one(
    'changes a body',
    `SELECT regexp_replace(pg_get_functiondef(oid), '\\mBEGIN\\M', 'BEGIN /* edited $n */', 'i') FROM routine WHERE prokind = 'f' AND lanname = 'plpgsql'`,
  ),
  one(
    'makes a function of rows',
    `SELECT format('CREATE FUNCTION %I.made_$n(%s) RETURNS text LANGUAGE plpgsql AS ''BEGIN RETURN NULL; END''', nspname, path) FROM tab`,
  ),
  one(
    'makes a function',
    `SELECT format('CREATE FUNCTION %I.made_$n(a integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS ''SELECT a + 1''', nspname) FROM own`,
  ),
  one(
    'uses a new function',
    `SELECT format('CREATE FUNCTION %I.made_$n(%s) RETURNS integer LANGUAGE sql IMMUTABLE AS ''SELECT 1''; CREATE INDEX indexed_$n ON %s (%I.made_$n(%s)); ALTER TABLE %s ADD CONSTRAINT added_$n CHECK (%I.made_$n(%s) = 1)',
    tab.nspname, type, col.path, tab.nspname, col, col.path, tab.nspname, col) FROM col JOIN tab USING (oid)`,
  ),
  one(
    'makes a standard function',
    `SELECT format('CREATE FUNCTION %I.made_$n() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(%s) FROM %s; END', tab.nspname, col, col.path) FROM col JOIN tab USING (oid)`,
  ),
  one(
    'makes a trigger',
    `SELECT format('CREATE TRIGGER made_$n %s ON %s FOR EACH ROW EXECUTE FUNCTION %s', time, tab.path, signature) FROM tab, routine, unnest(ARRAY['BEFORE UPDATE', 'AFTER DELETE', 'BEFORE INSERT']) time WHERE prorettype = 'trigger'::regtype`,
  ),
  one(
    'drops a trigger',
    `SELECT format('DROP TRIGGER %I ON %s', tgname, path) FROM pg_trigger g JOIN tab ON tab.oid = g.tgrelid WHERE NOT tgisinternal`,
  ),
  one(
    'switches a trigger',
    `SELECT format('ALTER TABLE %s %s TRIGGER %I', path, how, tgname) FROM pg_trigger g JOIN tab ON tab.oid = g.tgrelid, unnest(ARRAY['DISABLE', 'ENABLE ALWAYS', 'ENABLE REPLICA']) how WHERE NOT tgisinternal`,
  ),
  one(
    'renames a trigger',
    `SELECT format('ALTER TRIGGER %I ON %s RENAME TO renamed_$n', tgname, path) FROM pg_trigger g JOIN tab ON tab.oid = g.tgrelid WHERE NOT tgisinternal`,
  ),
  one(
    'makes an aggregate',
    `SELECT format('CREATE AGGREGATE %I.summed_$n(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = ''0''); CREATE VIEW %I.viewed_$n AS SELECT %I.summed_$n(1) AS one', nspname, nspname, nspname) FROM own`,
  ),
  one('comments on a function', `SELECT format('COMMENT ON ROUTINE %s IS ''Does $n.''', signature) FROM routine`),
];

const types: readonly DatabaseEdit[] = [
  one(
    'adds a value',
    `SELECT format('ALTER TYPE %s ADD VALUE ''added $n'' %s', t.oid::regtype, place) FROM pg_type t JOIN own ON own.oid = t.typnamespace, unnest(ARRAY['', 'BEFORE ' || quote_literal((SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1))]) place WHERE t.typtype = 'e'`,
  ),
  one(
    'makes an enum of a column',
    `SELECT format('CREATE TYPE %I.kind_$n AS ENUM (''a'', ''b''); ALTER TABLE %s ADD COLUMN added_$n %I.kind_$n DEFAULT ''a''; CREATE INDEX indexed_$n ON %s (added_$n) WHERE added_$n = ''a''', nspname, path, nspname, path) FROM tab`,
  ),
  one(
    'restricts a domain',
    `SELECT format('ALTER DOMAIN %s ADD CONSTRAINT added_$n CHECK (VALUE IS NOT NULL OR VALUE IS NULL)', t.oid::regtype) FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE t.typtype = 'd'`,
  ),
  one(
    'frees a domain',
    `SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', t.oid::regtype, k.conname) FROM pg_type t JOIN own ON own.oid = t.typnamespace JOIN pg_constraint k ON k.contypid = t.oid`,
  ),
  one(
    'gives a domain a default',
    `SELECT format('ALTER DOMAIN %s SET DEFAULT NULL', t.oid::regtype) FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE t.typtype = 'd'`,
  ),
  one(
    'makes types',
    `SELECT format('CREATE TYPE %I.pair_$n AS (x integer, y text); CREATE TYPE %I.span_$n AS RANGE (subtype = date); CREATE DOMAIN %I.short_$n AS text CHECK (length(VALUE) < 9); ALTER TABLE %s ADD COLUMN added_$n %I.pair_$n, ADD COLUMN spanned_$n %I.span_$n, ADD COLUMN cut_$n %I.short_$n',
    nspname, nspname, nspname, path, nspname, nspname, nspname) FROM tab`,
  ),
  one(
    'changes a sequence',
    `SELECT format('ALTER SEQUENCE %s %s', path, how) FROM relation, unnest(ARRAY['INCREMENT BY 5', 'CACHE 9', 'CYCLE', 'OWNED BY NONE', 'MAXVALUE 99999999']) how WHERE relkind = 'S'`,
  ),
  one('drops a sequence', `SELECT format('DROP SEQUENCE %s CASCADE', path) FROM relation WHERE relkind = 'S'`),
  one(
    'counts with a new sequence',
    `SELECT format('CREATE SEQUENCE %I.counted_$n OWNED BY %s.%s; ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval(''%I.counted_$n'')', nspname, col.path, col, col.path, col, nspname) FROM col JOIN tab USING (oid) WHERE type IN ('integer', 'bigint') AND NOT is_made`,
  ),
  one('makes a schema', `SELECT 'CREATE SCHEMA made_$n; CREATE TABLE made_$n.things (id integer); COMMENT ON SCHEMA made_$n IS ''New.'''`),
  one('drops a schema', `SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM own WHERE nspname <> 'public'`),
  one(
    'comments on a type',
    `SELECT format('COMMENT ON %s %s IS ''Typed $n.''', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid::regtype) FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE t.typtype IN ('d', 'e')`,
  ),
];

const access: readonly DatabaseEdit[] = [
  one(
    'grants',
    `SELECT format('GRANT %s ON %s TO %s', privilege, path, role) FROM tab, unnest(ARRAY['SELECT', 'INSERT, UPDATE', 'ALL']) privilege, unnest(ARRAY['schemac_edit_reader', 'schemac_edit_writer', 'PUBLIC']) role`,
  ),
  one('grants a column', `SELECT format('GRANT SELECT (%s) ON %s TO schemac_edit_reader', col, path) FROM col`),
  one(
    'grants a function',
    `SELECT format('%s ON ROUTINE %s %s', how, signature, who) FROM routine, (VALUES ('GRANT EXECUTE', 'TO schemac_edit_writer'), ('REVOKE ALL', 'FROM PUBLIC')) ways(how, who)`,
  ),
  one('gives away', `SELECT format('ALTER TABLE %s OWNER TO schemac_edit_writer', path) FROM tab`),
  one(
    'grants by default',
    `SELECT format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO schemac_edit_reader', nspname) FROM own`,
  ),
];

export const editRoles = ['schemac_edit_reader', 'schemac_edit_writer'] as const;

export const databaseEdits: readonly DatabaseEdit[] = [...columns, ...tables, ...constraints, ...views, ...routines, ...types, ...access];
