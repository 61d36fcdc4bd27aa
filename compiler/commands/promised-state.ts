/**
 * What the migrations of a folder were proven to lead to: the snapshot beside them, where it is of the
 * last migration. Loaded only when a database has them all.
 */
import { join } from 'node:path';
import { rootOf } from '../model/object.ts';
import type { Promised } from '../migrate/promised.ts';

/** `undefined` where there is no snapshot, or none that can be trusted. */
export async function promisedBy(generated: string): Promise<Promised | undefined> {
  const { readSnapshot } = await import('../workspace/snapshot.ts');
  const snapshot = readSnapshot(join(generated, 'snapshot.json'));
  const major = Number(/PostgreSQL (\d+)/.exec(snapshot?.engine ?? '')?.[1]);
  if (snapshot === undefined || Number.isNaN(major)) return undefined;
  const externals = new Set(snapshot.externals);
  const state = new Map([...snapshot.state].filter(([, object]) => !externals.has(rootOf(object, snapshot.state))));
  return { head: snapshot.head, major, state, carried: snapshot.carried };
}
