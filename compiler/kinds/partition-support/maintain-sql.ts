/**
 * SQL of maintenance inside the server, for pg_cron: \`CALL schemac.partition_maintain()\`. It works from
 * the same rules, plan and log as the command line, one transaction a partition; what only a client can
 * do is left to it: detaching without a lock, and exporting.
 */

/**
 * No SET clause, which would forbid COMMIT (2D000); so every name is qualified. A step that fails is
 * noted and the next one goes on: a table in trouble must not keep another from getting its partitions.
 */
export const maintainProcedure = `CREATE OR REPLACE PROCEDURE schemac.partition_maintain(at timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
  clock CONSTANT timestamptz := coalesce(partition_maintain.at, pg_catalog.clock_timestamp());
  key CONSTANT bigint := pg_catalog.hashtextextended('schemac partition maintenance', 0);
  rule record;
  step record;
  steps jsonb;
  tries integer;
  is_done boolean;
BEGIN
  IF NOT pg_catalog.pg_try_advisory_lock(key) THEN
    RAISE NOTICE 'another maintenance of partitions is at work';
    RETURN;
  END IF;
  FOR rule IN SELECT r.* FROM schemac.partition_rule r WHERE r.managed_by IS NULL AND pg_catalog.to_regclass(r.parent) IS NOT NULL ORDER BY r.parent LOOP
    tries := 0;
    LOOP
      is_done := false;
      BEGIN
        PERFORM pg_catalog.set_config('lock_timeout', '200ms', true);
        PERFORM schemac.partition_create(rule.parent, clock, 1);
        is_done := NOT FOUND;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
          tries := tries + 1;
          is_done := tries >= 20;
          IF is_done THEN
            INSERT INTO schemac.partition_log (parent, relation, action, as_of, detail) VALUES (rule.parent, rule.parent, 'failed', clock, pg_catalog.jsonb_build_object('step', 'create', 'error', SQLERRM));
          END IF;
        WHEN OTHERS THEN
          is_done := true;
          INSERT INTO schemac.partition_log (parent, relation, action, as_of, detail) VALUES (rule.parent, rule.parent, 'failed', clock, pg_catalog.jsonb_build_object('step', 'create', 'error', SQLERRM));
      END;
      COMMIT;
      EXIT WHEN is_done;
      IF tries > 0 THEN
        PERFORM pg_catalog.pg_sleep(0.5 + pg_catalog.random());
      END IF;
    END LOOP;
  END LOOP;
  -- What is detached in the first pass is moved, or dropped, in the second.
  FOR rule IN SELECT r.*, pass FROM pg_catalog.generate_series(1, 2) pass, schemac.partition_rule r WHERE r.managed_by IS NULL AND pg_catalog.to_regclass(r.parent) IS NOT NULL ORDER BY pass, r.parent LOOP
    BEGIN
      SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) ORDER BY p.place), '[]') INTO steps FROM (
        SELECT planned.*, pg_catalog.row_number() OVER () AS place, pg_catalog.row_number() OVER (PARTITION BY planned.action ORDER BY planned.lower, planned.entry) AS number
          FROM schemac.partition_retirement(rule.parent, clock) planned WHERE NOT (planned.action = 'drop' AND rule.exports)
      ) p WHERE p.number <= rule.retire_limit;
    EXCEPTION WHEN OTHERS THEN
      steps := '[]';
    END;
  FOR step IN SELECT rule.parent, s.* FROM pg_catalog.jsonb_to_recordset(steps) s(action text, relation text, entry bigint)
  LOOP
    tries := 0;
    LOOP
      is_done := false;
      BEGIN
        PERFORM pg_catalog.set_config('lock_timeout', '200ms', true);
        CASE step.action
          WHEN 'finalize' THEN EXECUTE pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', step.parent, step.relation);
          WHEN 'retire' THEN PERFORM schemac.partition_detach(step.parent, step.relation, clock);
          WHEN 'record' THEN PERFORM schemac.partition_end_retire(step.entry, clock);
          WHEN 'move' THEN PERFORM schemac.partition_move(step.entry, clock);
          WHEN 'drop' THEN PERFORM schemac.partition_drop(step.entry, clock);
        END CASE;
        is_done := true;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
          tries := tries + 1;
          is_done := tries >= 20;
        WHEN OTHERS THEN
          is_done := true;
          INSERT INTO schemac.partition_log (parent, relation, action, as_of, entry, detail) VALUES (step.parent, step.relation, 'failed', clock, step.entry, pg_catalog.jsonb_build_object('step', step.action, 'error', SQLERRM));
      END;
      COMMIT;
      EXIT WHEN is_done;
      PERFORM pg_catalog.pg_sleep(0.5 + pg_catalog.random());
    END LOOP;
  END LOOP;
  END LOOP;
  PERFORM pg_catalog.pg_advisory_unlock(key);
END
$$`;
