/**
 * pull of a database of many tables on a server of this machine: the whole process, with the proof on
 * the embedded engine and without it. Each table has 10 columns, 3 indexes and 1 foreign key.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, withClient } from '../support/database.ts';
import { chooseServer } from '../support/server-providers.ts';
import { runOnce, type Run } from './run.ts';

export interface PullRuns {
  readonly proven: readonly Run[];
  readonly unproven: readonly Run[];
}

function tablesSql(tables: number): string {
  return `DO $do$ BEGIN FOR n IN 0..${tables - 1} LOOP
    EXECUTE format('CREATE TABLE t%1$s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint REFERENCES t%2$s, title text NOT NULL,
      body text, amount numeric(12,2) NOT NULL, place integer NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true, details jsonb,
      created_at timestamptz NOT NULL DEFAULT now(), state varchar(20) NOT NULL)', n, (n - 1) / 10);
    EXECUTE format('CREATE INDEX ON t%1$s (parent_id); CREATE INDEX ON t%1$s (title, created_at); CREATE UNIQUE INDEX ON t%1$s (state, id)', n);
  END LOOP; END $do$`;
}

/** Runs pull in an empty folder each time. */
export async function measurePull(command: string, tables: number, runs: number): Promise<PullRuns> {
  const server = await chooseServer(18);
  try {
    const url = await createDatabase(server.url, 'schemac_bench_pull', 18);
    await withClient(url, (client) => client.query(tablesSql(tables)));
    const pull = (...more: readonly string[]): Run => {
      const root = mkdtempSync(join(tmpdir(), 'schemac-bench-pull-'));
      try {
        return runOnce([command, 'pull', '--url', url, ...more], root, `wrote ${tables + 1} files`);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    };
    const repeat = (...more: readonly string[]): readonly Run[] => Array.from({ length: runs }, () => pull(...more));
    return { proven: repeat(), unproven: repeat('--no-proof') };
  } finally {
    await server.stop();
  }
}
