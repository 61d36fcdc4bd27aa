/**
 * SQL that makes the partitions of a plan, by LIKE and ATTACH: PARTITION OF would lock every reader
 * out of the parent, ATTACH lets them go on (rule book P1, P2). Retiring is not done in the database.
 */
import { pinned } from './grid-sql.ts';

/**
 * LIKE brings defaults, checks, indexes, compression and storage; ATTACH adopts the indexes and adds
 * foreign keys, triggers and the identity, which a partition must not bring itself (17 and later).
 * The lock makes two runs at a time one after the other; the second finds nothing to do.
 */
export const createFunction = String.raw`CREATE OR REPLACE FUNCTION schemac.partition_create(parent text, at timestamptz) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  limit_of_partitions CONSTANT integer := 1000;
  template jsonb;
  parameters text;
  wanted record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('schemac partitions of ' || partition_create.parent::regclass::oid, 0));
  SELECT r.template INTO template FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_create.parent::regclass;
  SELECT ' WITH (' || string_agg((SELECT string_agg(quote_ident(part), '.') FROM regexp_split_to_table(key, '\.') part) || ' = ' || quote_literal(value), ', ' ORDER BY key) || ')'
    INTO parameters FROM jsonb_each_text(template);
  IF (SELECT count(*) FROM schemac.partition_plan(partition_create.parent, at) p WHERE p.action = 'create') > limit_of_partitions THEN
    RAISE EXCEPTION 'the partition rule of % asks for more than % partitions at once', partition_create.parent, limit_of_partitions
      USING ERRCODE = 'program_limit_exceeded', HINT = 'Make the interval longer or the number of partitions ahead smaller.';
  END IF;
  FOR wanted IN SELECT p.* FROM schemac.partition_plan(partition_create.parent, at) p WHERE p.action = 'create' LOOP
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s', wanted.relation, partition_create.parent::regclass, parameters);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s %s', partition_create.parent::regclass, wanted.relation, wanted.bound);
    INSERT INTO schemac.partition_log (parent, relation, action, lower, upper)
      VALUES (partition_create.parent::regclass::text, wanted.relation, 'created', wanted.lower, wanted.upper);
    RETURN NEXT wanted.relation;
  END LOOP;
END
$$`;
