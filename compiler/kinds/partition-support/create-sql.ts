/**
 * SQL that makes the partitions of a plan, by LIKE and ATTACH: PARTITION OF would lock every reader
 * out of the parent, ATTACH lets them go on (rule book P1, P2).
 */
import { pinned } from './grid-sql.ts';

/**
 * What LIKE leaves out, and a partition does not inherit (rule book §5.2): who may use it, row security,
 * statistics targets, replica identity, the owner. Policies stay with the parent, through which rows are
 * read: a partition by itself lets nobody in, once row security is on.
 */
export const settingsFunction = `CREATE OR REPLACE FUNCTION schemac.partition_copy_settings(parent regclass, child regclass) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  command text;
BEGIN
  FOR command IN
    -- Default privileges may have given what the parent does not give.
    SELECT format('REVOKE ALL ON %s FROM %s', child, coalesce(quote_ident(r.rolname), 'PUBLIC'))
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = child AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, child, coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = parent AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, child, coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped CROSS JOIN aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = parent AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', child, t.attname, t.attstattarget)
      FROM pg_attribute t WHERE t.attrelid = parent AND t.attnum > 0 AND NOT t.attisdropped AND t.attstattarget >= 0
    UNION ALL
    SELECT format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', child, t.attname, string_agg(option, ', '))
      FROM pg_attribute t, unnest(t.attoptions) option WHERE t.attrelid = parent AND t.attnum > 0 AND NOT t.attisdropped AND NOT starts_with(option, 'pg_attver=') GROUP BY t.attname
    UNION ALL
    SELECT format('ALTER TABLE %s %s', child, setting)
      FROM pg_class c CROSS JOIN LATERAL (VALUES
        (CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END),
        (CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END),
        (CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END),
        (CASE WHEN c.relowner <> (SELECT own.relowner FROM pg_class own WHERE own.oid = child) THEN format('OWNER TO %I', pg_get_userbyid(c.relowner)) END)
      ) settings(setting)
      WHERE c.oid = parent AND setting IS NOT NULL
  LOOP
    EXECUTE command;
  END LOOP;
END
$$`;

/**
 * Makes one partition with all that is below it, and attaches it last: until then nobody waits for any of
 * it. LIKE brings defaults, checks, indexes, statistics, compression and storage; ATTACH adopts the indexes
 * and adds foreign keys, triggers and the identity, which a partition must not bring itself (17 and
 * later). What is partitioned again has no storage parameters (22023) and, before 17, no access method.
 */
export const makeFunction = `CREATE OR REPLACE FUNCTION schemac.partition_make(parent regclass, relation text, bound text, within jsonb, place text, tablespace text) RETURNS void
LANGUAGE plpgsql VOLATILE
${pinned}
AS $$
DECLARE
  part record;
BEGIN
  EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s', relation, parent,
    CASE WHEN within IS NULL THEN place ELSE ' PARTITION BY ' || (within ->> 'key') || tablespace END);
  PERFORM schemac.partition_copy_settings(parent, relation::regclass);
  FOR part IN
    SELECT format('%I.%I', n.nspname, schemac.partition_name(partition_make.relation, '_' || each.name)) AS relation, each.bound, each.within
      FROM jsonb_to_recordset(partition_make.within -> 'parts') each(name text, bound text, within jsonb),
        pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = partition_make.relation::regclass
  LOOP
    PERFORM schemac.partition_make(partition_make.relation::regclass, part.relation, part.bound, part.within, place, tablespace);
  END LOOP;
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s %s', parent, relation, bound);
END
$$`;

/**
 * The present rows come first. The lock makes two runs at a time one after the other; the second finds
 * nothing to do. Counted is what holds rows.
 */
export const createFunction = String.raw`CREATE OR REPLACE FUNCTION schemac.partition_create(parent text, at timestamptz, at_most integer DEFAULT 1000) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
${pinned}
AS $$
DECLARE
  limit_of_partitions CONSTANT integer := 1000;
  rule schemac.partition_rule;
  parameters text;
  place text;
  tablespace text;
  before bigint;
  leaves bigint;
  wanted record;
  identity record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('schemac partitions of ' || partition_create.parent::regclass::oid, 0));
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_create.parent::regclass;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_create.parent USING ERRCODE = 'undefined_object';
  END IF;
  IF rule.managed_by IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT ' WITH (' || string_agg((SELECT string_agg(quote_ident(part), '.') FROM regexp_split_to_table(key, '\.') part) || ' = ' || quote_literal(value), ', ' ORDER BY key) || ')'
    INTO parameters FROM jsonb_each_text(rule.template);
  SELECT coalesce(' TABLESPACE ' || quote_ident(coalesce(rule.tablespace, s.spcname)), ''), coalesce(' USING ' || quote_ident(m.amname), '') || coalesce(parameters, '')
    INTO tablespace, place FROM pg_class c LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
    WHERE c.oid = partition_create.parent::regclass;
  SELECT count(*) INTO before FROM pg_partition_tree(partition_create.parent::regclass) t WHERE t.isleaf AND t.level > 0;
  SELECT greatest(1, count(*)) INTO leaves FROM jsonb_path_query(rule.within, 'strict $.** ? (exists(@.bound) && !exists(@.within))');
  FOR wanted IN
    SELECT m.*, format('%I.%I', n.nspname, schemac.partition_name(rule.parent, m.suffix)) AS relation
      FROM (SELECT missing.*, count(*) OVER () AS number FROM schemac.partition_missing(rule.parent, at) WITH ORDINALITY missing(lower, upper, suffix, bound, reason, place)
        ORDER BY missing.reason NOT LIKE 'it takes the present%', missing.reason NOT LIKE '%ahead of%', missing.place LIMIT at_most) m,
        pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = partition_create.parent::regclass
      ORDER BY m.reason NOT LIKE 'it takes the present%', m.reason NOT LIKE '%ahead of%', m.place
  LOOP
    IF coalesce(current_setting('schemac.many_partitions', true), '') <> 'on'
      AND wanted.number * leaves + before > limit_of_partitions THEN
      RAISE EXCEPTION 'the partition rule of % asks for more than % partitions', partition_create.parent, limit_of_partitions
        USING ERRCODE = 'program_limit_exceeded', HINT = 'Make the interval longer or the number of partitions ahead smaller; SET schemac.many_partitions = on makes them all the same.';
    END IF;
    PERFORM schemac.partition_make(partition_create.parent::regclass, wanted.relation, wanted.bound, rule.within, place || tablespace, tablespace);
    FOR identity IN
      SELECT o.indrelid::regclass AS relation, own.relname FROM pg_index i CROSS JOIN LATERAL pg_partition_tree(i.indexrelid::regclass) t
        JOIN pg_index o ON o.indexrelid = t.relid JOIN pg_class own ON own.oid = o.indexrelid
        WHERE i.indrelid = partition_create.parent::regclass AND i.indisreplident
          AND o.indrelid IN (SELECT part.relid FROM pg_partition_tree(wanted.relation::regclass) part UNION SELECT wanted.relation::regclass)
    LOOP
      EXECUTE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', identity.relation, identity.relname);
    END LOOP;
    INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of)
      VALUES (rule.parent, wanted.relation, 'created', wanted.lower, wanted.upper, wanted.bound, partition_create.at);
    RETURN NEXT wanted.relation;
  END LOOP;
END
$$`;
