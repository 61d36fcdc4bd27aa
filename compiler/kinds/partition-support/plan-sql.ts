/**
 * SQL of the plan: the stretch that a rule wants partitions for at a given time, and what is to be made,
 * retired, moved and dropped for it. Reads the catalogs, the rule and the log; knows no clock but the
 * one that it is given, so that any day can be asked for.
 */
import { pinned } from './grid-sql.ts';

/**
 * Times: \`first\` is where what is wanted begins, \`present\` where the partition of now does, \`finish\`
 * where the last one ahead ends; what ended before \`expired\` is retired. A key without a zone is the wall
 * clock of the rule's zone: its grid has no missing and no double hours. An integer key has numbers in
 * place of times, and its now is the greatest key.
 */
export const windowFunction = `CREATE OR REPLACE FUNCTION schemac.partition_window(parent text, at timestamptz,
  OUT key_type text, OUT zone text, OUT clock timestamptz, OUT first timestamptz, OUT present timestamptz, OUT finish timestamptz, OUT expired timestamptz,
  OUT greatest_key numeric, OUT first_key numeric, OUT present_key numeric, OUT finish_key numeric, OUT expired_key numeric)
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  relid CONSTANT oid := partition_window.parent::regclass;
  rule schemac.partition_rule;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = relid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_window.parent USING ERRCODE = 'undefined_object';
  END IF;
  SELECT format_type(a.atttypid, NULL) INTO key_type
    FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = relid AND p.partstrat = 'r' AND p.partnatts = 1;
  IF key_type IS NULL OR NOT key_type = ANY (CASE rule.key
      WHEN 'uuidv7' THEN ARRAY['uuid'] WHEN 'snowflake' THEN ARRAY['bigint'] WHEN 'integer' THEN ARRAY['bigint', 'integer', 'smallint']
      ELSE ARRAY['timestamp with time zone', 'timestamp without time zone', 'date'] END) THEN
    RAISE EXCEPTION 'a partition rule needs a range key of one % column, % has none',
      CASE rule.key WHEN 'time' THEN 'date or timestamp' WHEN 'uuidv7' THEN 'uuid' WHEN 'snowflake' THEN 'bigint' ELSE 'integer' END, partition_window.parent
      USING ERRCODE = 'wrong_object_type';
  END IF;
  IF rule.key = 'integer' THEN
    EXECUTE format('SELECT coalesce(max(%I), 0) FROM %s', rule.column_name, relid::regclass) INTO greatest_key;
    present_key := floor(greatest_key / rule.step) * rule.step;
    first_key := present_key - rule.past * rule.step;
    finish_key := present_key + (rule.premake + 1) * rule.step;
    expired_key := greatest_key - rule.retain_keys;
    first_key := greatest(first_key, floor(expired_key / rule.step) * rule.step);
    RETURN;
  END IF;
  IF key_type = 'date' AND rule.every < interval '1 day' THEN
    RAISE EXCEPTION 'partitions by the date % of % cannot be % long', rule.column_name, partition_window.parent, rule.every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole days, weeks, months or years.';
  END IF;
  zone := CASE WHEN key_type IN ('date', 'timestamp without time zone') THEN 'UTC' ELSE rule.zone END;
  clock := CASE WHEN key_type IN ('date', 'timestamp without time zone') THEN (at AT TIME ZONE rule.zone) AT TIME ZONE 'UTC' ELSE at END;
  SELECT c.lower, c.upper INTO present, finish FROM schemac.partition_cell(clock, rule.every, zone) c;
  first := present;
  FOR step IN 1 .. rule.premake LOOP
    SELECT c.upper INTO finish FROM schemac.partition_cell(finish, rule.every, zone) c;
  END LOOP;
  FOR step IN 1 .. rule.past LOOP
    first := schemac.partition_floor(first - interval '1 microsecond', rule.every, zone);
  END LOOP;
  expired := ((clock AT TIME ZONE zone) - rule.retain) AT TIME ZONE zone;
  first := greatest(first, schemac.partition_floor(expired, rule.every, zone));
END
$$`;

/**
 * What is wanted is one stretch: from what is kept of the oldest partition, or from the first one wanted
 * where that is earlier, to \`premake\` partitions after the present one. What no partition covers of it is
 * cut on the grid; so a new interval begins where the last partition ends, with a short one if need be.
 */
export const missingFunction = `CREATE OR REPLACE FUNCTION schemac.partition_missing(parent text, at timestamptz)
RETURNS TABLE (lower timestamptz, upper timestamptz, suffix text, bound text, reason text)
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  rule schemac.partition_rule;
  span record;
  oldest timestamptz;
  oldest_key numeric;
  gap tstzrange;
  keys numrange;
  key numeric;
  next_key numeric;
BEGIN
  SELECT r.* INTO STRICT rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_missing.parent::regclass;
  SELECT w.* INTO span FROM schemac.partition_window(rule.parent, at) w;
  IF rule.key = 'integer' THEN
    SELECT min(e.low) INTO oldest_key FROM schemac.partition_list(rule.parent) e WHERE e.high > coalesce(span.expired_key, '-infinity');
    oldest_key := least(span.first_key, CASE WHEN oldest_key IS NOT NULL THEN greatest(oldest_key, floor(span.expired_key / rule.step) * rule.step) END);
    FOR keys IN
      SELECT missing FROM unnest(nummultirange(numrange(oldest_key, span.finish_key))
        - (SELECT coalesce(range_agg(numrange(e.low, e.high)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.low IS NOT NULL)) missing
    LOOP
      key := pg_catalog.lower(keys);
      WHILE key < pg_catalog.upper(keys) LOOP
        next_key := least((floor(key / rule.step) + 1) * rule.step, pg_catalog.upper(keys));
        suffix := '_p' || replace(key::bigint::text, '-', 'm');
        bound := format('FOR VALUES FROM (%L) TO (%L)', key::bigint, next_key::bigint);
        reason := CASE WHEN next_key <= span.greatest_key THEN 'no partition takes these keys'
          WHEN key <= span.greatest_key THEN 'it takes the present keys' ELSE format('%s ahead of the greatest key', ceil((key - span.present_key) / rule.step)) END;
        RETURN NEXT;
        key := next_key;
      END LOOP;
    END LOOP;
    RETURN;
  END IF;
  SELECT min(e.lower) INTO oldest FROM schemac.partition_list(rule.parent) e WHERE e.upper > coalesce(span.expired, '-infinity');
  oldest := least(span.first, CASE WHEN oldest IS NOT NULL THEN greatest(oldest, schemac.partition_floor(span.expired, rule.every, span.zone)) END);
  FOR gap IN
    SELECT missing FROM unnest(tstzmultirange(tstzrange(oldest, span.finish))
      - (SELECT coalesce(range_agg(tstzrange(e.lower, e.upper)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.lower IS NOT NULL)) missing
  LOOP
    lower := pg_catalog.lower(gap);
    WHILE lower < pg_catalog.upper(gap) LOOP
      SELECT least(c.upper, pg_catalog.upper(gap)) INTO upper FROM schemac.partition_cell(lower, rule.every, span.zone) c;
      suffix := schemac.partition_suffix(lower, rule.every);
      bound := format('FOR VALUES FROM (%L) TO (%L)', schemac.partition_value(lower, span.key_type, rule), schemac.partition_value(upper, span.key_type, rule));
      reason := CASE WHEN upper <= span.clock THEN 'no partition takes rows of that time'
        WHEN lower <= span.clock THEN 'it takes the present rows' ELSE 'ahead of time' END;
      RETURN NEXT;
      lower := upper;
    END LOOP;
  END LOOP;
END
$$`;

/** What is to become of partitions that are past retention, in the order in which it is to be done: what cannot be taken back last. */
export const retirementFunction = `CREATE OR REPLACE FUNCTION schemac.partition_retirement(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text, reason text, entry bigint)
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  rule schemac.partition_rule;
  span record;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_retirement.parent::regclass;
  IF rule.managed_by IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT w.* INTO span FROM schemac.partition_window(partition_retirement.parent, at) w;
  RETURN QUERY
    SELECT 'finalize', c.relname::text, e.lower, e.upper, e.relation, e.bound, 'its detachment was begun and not finished', NULL::bigint
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE e.detaching;
  RETURN QUERY
    SELECT 'retire', c.relname::text, e.lower, e.upper, e.relation, e.bound,
      CASE WHEN rule.key = 'integer' THEN format('its keys are %s behind the greatest', (span.greatest_key - e.high + 1)::bigint)
        ELSE format('past retention since %s', replace(to_char((e.upper AT TIME ZONE span.zone + rule.retain) AT TIME ZONE span.zone, 'YYYY-MM-DD HH24:MI'), ' 00:00', '')) END, NULL::bigint
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE (e.upper <= span.expired OR e.high <= span.expired_key) AND NOT e.detaching
      AND NOT EXISTS (SELECT FROM schemac.partition_log l WHERE l.parent = rule.parent AND l.relation = e.relation AND l.action = 'attached' AND l.held_until > at)
    ORDER BY e.lower, e.high;
  RETURN QUERY
    SELECT due.what, due.name, t.lower, t.upper, t.relation, t.bound, due.why, t.entry
    FROM schemac.partition_retired(rule.parent) t
    CROSS JOIN LATERAL (SELECT
      CASE WHEN t.detached_at IS NULL THEN 'record'
        WHEN t.is_renamed THEN NULL
        WHEN rule.on_retire = 'archive' AND t.schema_name <> rule.archive_schema THEN 'move'
        WHEN rule.on_retire = 'drop' AND t.detached_at + coalesce(rule.grace, interval '0') <= at THEN 'drop'
        WHEN rule.on_retire = 'archive' AND t.detached_at + rule.grace <= at THEN 'drop' END,
      t.name,
      CASE WHEN t.detached_at IS NULL THEN 'it was detached by a run that was stopped'
        WHEN rule.on_retire = 'archive' AND t.schema_name <> rule.archive_schema THEN format('detached partitions are kept in schema %s', rule.archive_schema)
        ELSE format('detached on %s, its grace is over', to_char(t.detached_at, 'YYYY-MM-DD')) END) due(what, name, why)
    WHERE due.what IS NOT NULL
    ORDER BY CASE due.what WHEN 'record' THEN 1 WHEN 'move' THEN 2 ELSE 3 END, t.lower, t.entry;
END
$$`;

/** In the order in which it is to be done: what inserts need first. */
export const planFunction = `CREATE OR REPLACE FUNCTION schemac.partition_plan(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text, reason text, entry bigint)
LANGUAGE sql STABLE STRICT
${pinned}
AS $$
  SELECT plan.action, plan.name, plan.lower, plan.upper, plan.relation, plan.bound, plan.reason, plan.entry FROM (
    SELECT 1 AS part, m.place, 'create' AS action, named.name, m.lower, m.upper, format('%I.%I', n.nspname, named.name) AS relation, m.bound, m.reason, NULL::bigint AS entry
    FROM schemac.partition_rule r
    JOIN pg_class c ON c.oid = to_regclass(r.parent) JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL schemac.partition_missing(r.parent, $2) WITH ORDINALITY m(lower, upper, suffix, bound, reason, place)
    CROSS JOIN LATERAL (SELECT schemac.partition_name(r.parent, m.suffix)) named(name)
    WHERE c.oid = $1::regclass AND r.managed_by IS NULL
    UNION ALL
    SELECT 2, t.place, t.action, t.name, t.lower, t.upper, t.relation, t.bound, t.reason, t.entry
    FROM schemac.partition_retirement($1, $2) WITH ORDINALITY t(action, name, lower, upper, relation, bound, reason, entry, place)
  ) plan
  ORDER BY plan.part, plan.place
$$`;
