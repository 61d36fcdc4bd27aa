/**
 * SQL of the two tables behind partition rules: the rules, and the log of what was done to partitions.
 * The tables grow by columns alone, so that every version is reached by the same two statements.
 */

/** `parent` is written as regclass prints it with an empty search_path: `public.digests`. */
export const ruleTable = `CREATE TABLE IF NOT EXISTS schemac.partition_rule (
  parent text PRIMARY KEY,
  column_name text NOT NULL,
  every interval NOT NULL,
  premake integer NOT NULL CHECK (premake BETWEEN 0 AND 999),
  retain interval CHECK (retain > interval '0'),
  on_retire text NOT NULL CHECK (on_retire IN ('keep', 'drop', 'archive')),
  archive_schema text CHECK ((archive_schema IS NOT NULL) = (on_retire = 'archive')),
  grace interval,
  zone text NOT NULL,
  template jsonb NOT NULL DEFAULT '{}'
)`;

/**
 * Rules for keys that hold a time or a number, and of other tools, which have no interval of ours. `within`
 * is how each partition is partitioned again: {"key": "HASH (id)", "parts": [{"name", "bound", "within"}]}.
 */
export const ruleColumns = `ALTER TABLE schemac.partition_rule
  ALTER COLUMN every DROP NOT NULL,
  ADD COLUMN IF NOT EXISTS key text NOT NULL DEFAULT 'time' CHECK (key IN ('time', 'uuidv7', 'snowflake', 'integer')),
  ADD COLUMN IF NOT EXISTS epoch timestamptz,
  ADD COLUMN IF NOT EXISTS bits integer,
  ADD COLUMN IF NOT EXISTS step bigint CHECK (step > 0),
  ADD COLUMN IF NOT EXISTS retain_keys bigint CHECK (retain_keys > 0),
  ADD COLUMN IF NOT EXISTS past integer NOT NULL DEFAULT 0 CHECK (past BETWEEN 0 AND 999),
  ADD COLUMN IF NOT EXISTS retire_limit integer NOT NULL DEFAULT 10 CHECK (retire_limit > 0),
  ADD COLUMN IF NOT EXISTS tablespace text,
  ADD COLUMN IF NOT EXISTS analyze_every interval,
  ADD COLUMN IF NOT EXISTS exports boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS managed_by text,
  ADD COLUMN IF NOT EXISTS within jsonb`;

export const logTable = `CREATE TABLE IF NOT EXISTS schemac.partition_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  parent text NOT NULL,
  relation text NOT NULL,
  action text NOT NULL,
  lower timestamptz,
  upper timestamptz,
  detail jsonb
)`;

/** `as_of` is the time that the run went by; `entry` is the entry that began the retirement. */
export const logColumns = `ALTER TABLE schemac.partition_log
  ADD COLUMN IF NOT EXISTS as_of timestamptz,
  ADD COLUMN IF NOT EXISTS bound text,
  ADD COLUMN IF NOT EXISTS entry bigint,
  ADD COLUMN IF NOT EXISTS held_until timestamptz`;
