/**
 * SQL of the grid: where one partition ends and the next begins, on the calendar of a time zone.
 * Pure functions of their arguments; they read no table, no clock and no setting of the session.
 */

/** Every function pins what would change the meaning or the spelling of a time. */
export const pinned = `SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'`;

/**
 * Months and days are cut on the wall clock: a day has 23, 24 or 25 hours. A midnight that a change
 * of the clock skips or repeats (Havana, Beirut, Apia) is what AT TIME ZONE makes of it, and the
 * loops move on to the cell that really holds the time. Hours and minutes are steps of real time.
 */
export const cellFunction = `CREATE OR REPLACE FUNCTION schemac.partition_cell(at timestamptz, every interval, zone text, OUT lower timestamptz, OUT upper timestamptz)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
${pinned}
AS $$
DECLARE
  monday CONSTANT timestamp := '2000-01-03';
  months CONSTANT integer := extract(year FROM every) * 12 + extract(month FROM every);
  days CONSTANT integer := extract(day FROM every);
  seconds CONSTANT numeric := extract(hour FROM every) * 3600 + extract(minute FROM every) * 60 + extract(second FROM every);
  clock CONSTANT timestamp := at AT TIME ZONE zone;
  since numeric;
  start timestamp;
BEGIN
  IF (months > 0)::integer + (days > 0)::integer + (seconds > 0)::integer <> 1 OR months < 0 OR days < 0 OR seconds < 0 OR seconds % 60 <> 0 THEN
    RAISE EXCEPTION 'a partition cannot be % long', every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole months (or years), whole days (or weeks), or whole minutes (or hours), not a mixture.';
  END IF;
  IF seconds > 0 THEN
    since := extract(epoch FROM at - (monday AT TIME ZONE zone));
    lower := (monday AT TIME ZONE zone) + make_interval(secs => (floor(since / seconds) * seconds)::double precision);
    upper := lower + every;
    RETURN;
  END IF;
  IF months > 0 THEN
    since := extract(year FROM clock) * 12 + extract(month FROM clock) - 1;
    since := floor(since / months) * months;
    start := make_timestamp(floor(since / 12)::integer, (since % 12)::integer + 1, 1, 0, 0, 0);
  ELSE
    start := monday + make_interval(days => (floor((clock::date - monday::date)::numeric / days) * days)::integer);
  END IF;
  WHILE start AT TIME ZONE zone > at LOOP
    start := start - every;
  END LOOP;
  WHILE (start + every) AT TIME ZONE zone <= at LOOP
    start := start + every;
  END LOOP;
  lower := start AT TIME ZONE zone;
  upper := (start + every) AT TIME ZONE zone;
END
$$`;

export const floorFunction = `CREATE OR REPLACE FUNCTION schemac.partition_floor(at timestamptz, every interval, zone text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
${pinned}
AS $$ SELECT cell.lower FROM schemac.partition_cell($1, $2, $3) cell $$`;
