/**
 * `compile --custom NAME`: begins a hand-written migration: a commented file in schema/custom/ whose
 * name says where it runs. Nothing is compiled; the next compile takes in what was written there.
 */
import { numberText } from '../sql/migrations-lock.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../model/diagnostic.ts';
import { slug } from '../plan/summary.ts';
import { customFolder, readCustomFiles } from '../workspace/custom-files.ts';
import { readHistory } from '../workspace/history.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import type { CommandResult } from './result.ts';

export interface WriteCustomArguments {
  readonly root: string;
  /** What it does, in a few words: `fill tone`. */
  readonly name: string;
}

/** Never overwrites a file; throws a `DiagnosticError` where the name says nothing. */
export async function writeCustomCommand({ root, name }: WriteCustomArguments): Promise<CommandResult> {
  if (!/[a-z0-9]/i.test(name)) {
    fail('custom-name', `'${name}' makes no name of a file`, { hint: 'say what the SQL does: npx schemac compile --custom fill_tone' });
  }
  const workspace = workspaceAt(root);
  const { lock } = await readHistory(workspace);
  const files = readCustomFiles(workspace);
  const before = [...lock, ...files].map((each) => each.name).sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
  const last = before.at(-1);
  const full = `${numberText(Number.parseInt(last ?? '0', 10) + 1)}_${slug(name)}`;
  const file = `${customFolder}/${full}.sql`;
  mkdirSync(join(workspace.schema, 'custom'), { recursive: true });
  writeFileSync(join(workspace.root, file), skeleton(full, last), { flag: 'wx' });
  return {
    exitCode: 0,
    diagnostics: [],
    json: { file, runsAfter: last ?? null },
    lines: [
      `wrote ${file}`,
      last === undefined ? '  it runs first' : `  it runs after ${last}, and before what schema/ has asked for since`,
      'write SQL there, then npm run compile',
    ],
  };
}

const skeleton = (name: string, last: string | undefined): string => `-- Say here in a line or two what it is for.

/*
  Becomes generated/migrations/${name}.sql${last === undefined ? '' : `, which runs after ${last}`}.

  Each statement is a step with a transaction of its own; what must happen together stands between
  BEGIN; and COMMIT;. CREATE INDEX CONCURRENTLY and its like stand outside, and so do blocks that commit.

  Change many rows in batches, so that none stays locked for long and a killed run goes on where it was:

    DO $$
    DECLARE
      changed bigint;
    BEGIN
      LOOP
        UPDATE public.orders SET state = 'new'
        WHERE id IN (SELECT id FROM public.orders WHERE state IS NULL ORDER BY id LIMIT 5000);
        GET DIAGNOSTICS changed = ROW_COUNT;
        EXIT WHEN changed = 0;
        COMMIT;
      END LOOP;
    END $$;

  What the SQL makes must be declared in schema/, or dropped again here. What it locks, costs and loses
  is found out when it is compiled. How to take it back goes below the first line, as -- undo: SQL;
*/
`;
