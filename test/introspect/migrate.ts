/** Runs a plan on a test's database, as psql would, without the proof and the runner. */
import type { Client } from 'pg';
import { diff } from '../../compiler/diff/diff.ts';
import { introspect } from '../../compiler/introspect/introspect.ts';
import type { State } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { runTransactions } from '../support/transactions.ts';
import { reading } from './reading.ts';

/** Plans from what a database holds to a state, does it, and tells what is left to do. */
export async function migrate(client: Client, major: number, after: State): Promise<readonly string[]> {
  const read = (): Promise<State> => reading(client, (reader) => introspect(reader, major));
  const before = await read();
  const plan = makePlan({ before, after, changes: diff(before, after), major, annotation: () => ({}) });
  const query = async (sql: string): Promise<readonly Record<string, string | null>[]> =>
    (await client.query<Record<string, string | null>>(sql)).rows;
  await runTransactions({ query, execute: async (sql) => void (await query(sql)) }, plan.transactions);
  return diff(await read(), after).map((change) => JSON.stringify(change));
}
