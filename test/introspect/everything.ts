/**
 * One of everything that pg_dump --schema-only writes, one statement each, in an order in which they
 * run. A statement may ask for a major version.
 */
export interface Step {
  readonly sql: string;
  readonly since?: number;
}

const plain = (...statements: readonly string[]): readonly Step[] => statements.map((sql) => ({ sql }));

/** Each makes something that was not there. */
export const made: readonly Step[] = [
  ...plain(
    'CREATE EXTENSION file_fdw',
    'CREATE SCHEMA app',
    `CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL DEFAULT 'x', number serial)`,
    `ALTER TABLE app.users ADD CONSTRAINT email_form CHECK (email <> '')`,
    'ALTER TABLE app.users ADD CONSTRAINT email_once UNIQUE (email)',
    'CREATE TABLE app.orders (id int PRIMARY KEY, user_id bigint, amount numeric, place int4range)',
    'ALTER TABLE app.orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES app.users',
    'ALTER TABLE app.orders ADD CONSTRAINT orders_place EXCLUDE USING gist (place WITH &&)',
    'CREATE INDEX orders_amount ON app.orders (amount)',
    'CREATE STATISTICS app.orders_ids ON id, user_id FROM app.orders',
    `CREATE TABLE app.logs (id int, at timestamptz NOT NULL, note text DEFAULT 'a') PARTITION BY RANGE (at)`,
    `CREATE TABLE app.logs_1 PARTITION OF app.logs FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')`,
    'CREATE INDEX logs_at ON app.logs (at)',
    'CREATE TABLE app.parent (a int, b text)',
    'CREATE TABLE app.child (c int) INHERITS (app.parent)',
    `CREATE TYPE app.mood AS ENUM ('sad', 'ok')`,
    'CREATE DOMAIN app.positive AS int',
    'ALTER DOMAIN app.positive ADD CONSTRAINT is_positive CHECK (VALUE > 0)',
    'CREATE TYPE app.pair AS (x int, y int)',
    'CREATE TYPE app.span AS RANGE (subtype = float8)',
    'CREATE TABLE app.typed OF app.pair',
    'CREATE SEQUENCE app.numbers',
    'CREATE VIEW app.view AS SELECT id, email FROM app.users',
    'CREATE MATERIALIZED VIEW app.totals AS SELECT id FROM app.users',
    `CREATE FUNCTION app.twice(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * a'`,
    `CREATE PROCEDURE app.nothing() LANGUAGE sql AS 'SELECT 1'`,
    `CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    `CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`,
    'CREATE TRIGGER users_touch BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch()',
    'CREATE TRIGGER logs_touch AFTER INSERT ON app.logs FOR EACH ROW EXECUTE FUNCTION app.touch()',
    'CREATE CONSTRAINT TRIGGER users_later AFTER INSERT ON app.users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.touch()',
    'CREATE POLICY own_rows ON app.users USING (true)',
    'CREATE RULE no_delete AS ON DELETE TO app.orders DO INSTEAD NOTHING',
    'CREATE RULE view_insert AS ON INSERT TO app.view DO INSTEAD INSERT INTO app.users (email) VALUES (NEW.email)',
    `CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')`,
    'CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)',
    'CREATE OPERATOR FAMILY app.family USING btree',
    'CREATE OPERATOR CLASS app.backwards FOR TYPE int USING btree FAMILY app.family AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int4, int4)',
    'CREATE OPERATOR CLASS app.alone FOR TYPE app.mood USING hash AS OPERATOR 1 =(anyenum, anyenum), FUNCTION 1 hashenum(anyenum)',
    `CREATE FUNCTION app.to_pair(int) RETURNS app.pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::app.pair'`,
    'CREATE CAST (int AS app.pair) WITH FUNCTION app.to_pair(int) AS ASSIGNMENT',
    `CREATE COLLATION app.bytes (LOCALE = 'C')`,
    `CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`,
    `CREATE EVENT TRIGGER schema_watch ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION app.watch()`,
    'CREATE FOREIGN DATA WRAPPER wrapper',
    'CREATE SERVER files FOREIGN DATA WRAPPER file_fdw',
    'CREATE USER MAPPING FOR PUBLIC SERVER files',
    `CREATE FOREIGN TABLE app.lines (line text) SERVER files OPTIONS (filename '/dev/null')`,
    'CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)',
    'CREATE TEXT SEARCH TEMPLATE app.template (INIT = dsimple_init, LEXIZE = dsimple_lexize)',
    'CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = app.template, accept = false)',
    'CREATE TEXT SEARCH CONFIGURATION app.search (PARSER = app.parser)',
    `CREATE FUNCTION app.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'int4recv'`,
    'CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION app.from_sql(internal))',
    'CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler',
    'CREATE LANGUAGE another HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator',
    'CREATE TYPE app.shell',
    'CREATE PUBLICATION changes FOR TABLE app.users',
    `CREATE SUBSCRIPTION changes CONNECTION 'dbname=nowhere' PUBLICATION changes WITH (connect = false, slot_name = NONE, enabled = false)`,
    'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC',
    'SELECT lo_create(0)',
  ),
];
