/**
 * Functions, procedures and triggers of every form on a real server: all of them are read, and a plan
 * that takes them away, and one that makes them again, leave what PostgreSQL itself prints of them.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import type { State } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { readState } from '../../compiler/prove/run.ts';
import { runTransactions } from '../support/transactions.ts';
import { startServer, testMajors, type Major } from '../support/servers.ts';

const script = readFileSync(new URL('routines.sql', import.meta.url), 'utf8');

/** As PostgreSQL prints them, by what it calls them. */
const definitions = `
  SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition FROM pg_proc p
  WHERE p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)' AND p.prokind <> 'a'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype IN ('e', 'i'))
  UNION ALL
  SELECT format('%s of %s', tgname, tgrelid::regclass), format('%s, %s', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger
  WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL
  SELECT format('comment on %s', pg_describe_object(classoid, objoid, 0)), description FROM pg_description WHERE objoid >= 16384
  ORDER BY 1`;

async function withScript(major: Major, action: (engine: Engine) => Promise<void>): Promise<void> {
  const server = await startServer(major);
  const engine = await openEngine({ cacheFolder: '', using: server.url });
  try {
    await engine.execute(script);
    await action(engine);
  } finally {
    await engine.close();
    await server.stop();
  }
}

async function migrate(engine: Engine, before: State, after: State, major: Major): Promise<readonly string[]> {
  const plan = makePlan({ before, after, changes: diff(before, after), major, annotation: () => ({}) });
  await runTransactions(engine, plan.transactions);
  return plan.statements.map(({ sql }) => sql);
}

const isOurs = (id: string): boolean => /^(function|procedure|trigger) /.test(id);

/** The state without routines and triggers, and without what stands on them. */
function withoutRoutines(state: State): State {
  const gone = new Set([...state.keys()].filter(isOurs));
  for (let size = -1; size !== gone.size;) {
    size = gone.size;
    for (const { id, dependsOn } of state.values()) if (dependsOn.some((each) => gone.has(each))) gone.add(id);
  }
  return new Map([...state].filter(([id]) => !gone.has(id)));
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  it('everything is read, taken away and made again', () =>
    withScript(major, async (engine) => {
      const state = await readState(engine, 'no transaction');
      const printed = await engine.query(definitions);
      const read = [...state.keys()].filter((id) => isOurs(id.replace(/^comment /, '')));
      expect(read).toHaveLength(printed.length);

      const less = withoutRoutines(state);
      await migrate(engine, state, less, major);
      expect(diff(await readState(engine, 'no transaction'), less)).toEqual([]);
      expect(await engine.query(definitions)).toEqual([]);

      const statements = await migrate(engine, await readState(engine, 'no transaction'), state, major);
      expect(diff(await readState(engine, 'no transaction'), state)).toEqual([]);
      expect(await engine.query(definitions)).toEqual(printed);
      // Only the two that call each other could not be had in an order.
      expect(statements.filter((sql) => sql === `SELECT set_config('check_function_bodies', 'off', true)`)).toHaveLength(2);
    }));
});
