/**
 * SQL of what happens to a partition past retention: it is marked, detached, moved, dropped, each step
 * with its entry in the log. A retired table is known by the mark in its comment, which no rename, move
 * or restore takes off; what bears no mark of ours is never dropped.
 */
import { pinned } from './grid-sql.ts';

/** A table that somebody renamed or moved by hand after our last entry is theirs: it is listed, and left alone. */
export const retiredFunction = String.raw`CREATE OR REPLACE FUNCTION schemac.partition_retired(parent text)
RETURNS TABLE (entry bigint, relation text, schema_name text, name text, is_renamed boolean, lower timestamptz, upper timestamptz, bound text, detached_at timestamptz, exported_at timestamptz)
LANGUAGE sql STABLE STRICT
${pinned}
AS $$
  SELECT l.id, format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text,
    format('%I.%I', n.nspname, c.relname) <> (SELECT last.relation FROM schemac.partition_log last WHERE last.id = l.id OR last.entry = l.id ORDER BY last.id DESC LIMIT 1),
    l.lower, l.upper, l.bound,
    (SELECT max(done.as_of) FROM schemac.partition_log done WHERE done.entry = l.id AND done.action = 'detached'),
    (SELECT max(done.as_of) FROM schemac.partition_log done WHERE done.entry = l.id AND done.action = 'exported')
  FROM pg_description d
  JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN schemac.partition_log l ON l.id = substring(d.description FROM '^schemac partition_log ([0-9]{1,18}): ')::bigint AND l.action = 'detaching'
  WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0 AND l.parent = $1
  ORDER BY l.lower, l.id
$$`;

/** The mark comes before the detachment: whoever is stopped in between leaves a partition that is still one. */
export const beginRetireFunction = `CREATE OR REPLACE FUNCTION schemac.partition_begin_retire(parent text, relation text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  part record;
  was text;
  number bigint;
BEGIN
  SELECT e.* INTO part FROM schemac.partition_list(partition_begin_retire.parent) e WHERE e.relation = partition_begin_retire.relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% is no partition of %', relation, partition_begin_retire.parent USING ERRCODE = 'wrong_object_type';
  END IF;
  was := obj_description(part.relation::regclass, 'pg_class');
  number := substring(was FROM '^schemac partition_log ([0-9]{1,18}): ');
  IF number IS NOT NULL AND EXISTS (SELECT FROM schemac.partition_log l WHERE l.id = number AND l.relation = part.relation AND l.parent = partition_begin_retire.parent) THEN
    RETURN number;
  END IF;
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, detail)
    VALUES (partition_begin_retire.parent, part.relation, 'detaching', part.lower, part.upper, part.bound, partition_begin_retire.at, jsonb_build_object('comment', was))
    RETURNING id INTO number;
  EXECUTE format('COMMENT ON TABLE %s IS %L', part.relation,
    format('schemac partition_log %s: retired from %s, %s', number, partition_begin_retire.parent, part.bound));
  RETURN number;
END
$$`;

export const endRetireFunction = `CREATE OR REPLACE FUNCTION schemac.partition_end_retire(entry bigint, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE STRICT
${pinned}
AS $$
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
  SELECT l.parent, t.relation, 'detached', l.lower, l.upper, l.bound, $2, l.id
  FROM schemac.partition_log l JOIN schemac.partition_retired(l.parent) t ON t.entry = l.id
  WHERE l.id = $1 AND t.detached_at IS NULL
$$`;

/** Beside a default partition, and inside the server, DETACH CONCURRENTLY cannot run (55000, 25001): this one locks readers out for a moment. */
export const detachFunction = `CREATE OR REPLACE FUNCTION schemac.partition_detach(parent text, relation text, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  number bigint;
BEGIN
  number := schemac.partition_begin_retire(parent, relation, at);
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', partition_detach.parent, partition_detach.relation);
  PERFORM schemac.partition_end_retire(number, at);
END
$$`;

/**
 * Two tables of one name in two schemas may share an archive: the second one gets a number. What is below
 * a partition stays attached to it wherever it is, and goes along so that the schema is empty of it.
 */
const moveOneFunction = `CREATE OR REPLACE FUNCTION schemac.partition_move_table(relation regclass, target text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  namespace text;
  name text;
  free text;
  number integer := 1;
BEGIN
  SELECT n.nspname, c.relname INTO STRICT namespace, name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;
  free := name;
  WHILE to_regclass(format('%I.%I', target, free)) IS NOT NULL OR (number > 1 AND to_regclass(format('%I.%I', namespace, free)) IS NOT NULL) LOOP
    number := number + 1;
    free := left(name, 55) || '_' || number;
  END LOOP;
  IF free <> name THEN
    EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, free);
  END IF;
  EXECUTE format('ALTER TABLE %I.%I SET SCHEMA %I', namespace, free, target);
  RETURN format('%I.%I', target, free);
END
$$`;

const moveTreeFunction = `CREATE OR REPLACE FUNCTION schemac.partition_move(entry bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  retired record;
  target text;
BEGIN
  SELECT t.*, l.parent, r.archive_schema INTO STRICT retired
    FROM schemac.partition_log l JOIN schemac.partition_rule r ON r.parent = l.parent JOIN schemac.partition_retired(l.parent) t ON t.entry = l.id
    WHERE l.id = partition_move.entry AND t.detached_at IS NOT NULL AND NOT t.is_renamed;
  PERFORM schemac.partition_move_table(part.relid, retired.archive_schema)
    FROM pg_partition_tree(retired.relation::regclass) part JOIN pg_class c ON c.oid = part.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE part.level > 0 AND n.nspname <> retired.archive_schema;
  target := schemac.partition_move_table(retired.relation::regclass, retired.archive_schema);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
    VALUES (retired.parent, target, 'moved', retired.lower, retired.upper, retired.bound, partition_move.at, partition_move.entry);
  RETURN target;
END
$$`;

export const moveFunctions = [moveOneFunction, moveTreeFunction] as const;

/** Refuses whatever the rule does not want dropped at that time, whoever calls it. */
export const dropFunction = `CREATE OR REPLACE FUNCTION schemac.partition_drop(entry bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  retired record;
BEGIN
  SELECT p.*, l.parent INTO retired FROM schemac.partition_log l JOIN schemac.partition_retirement(l.parent, partition_drop.at) p ON p.entry = l.id AND p.action = 'drop'
    WHERE l.id = partition_drop.entry;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'entry % of schemac.partition_log is of no partition that is to be dropped', partition_drop.entry USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  EXECUTE format('DROP TABLE %s', retired.relation);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
    VALUES (retired.parent, retired.relation, 'dropped', retired.lower, retired.upper, retired.bound, partition_drop.at, partition_drop.entry);
END
$$`;
