/**
 * snapshot.json: a cache of the state after the last migration, keyed by the head of the lock. What
 * does not match, or was touched, is not trusted: the state is rebuilt by replaying the migrations.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { Carried } from '../model/statement.ts';

export interface Snapshot {
  /** The chained hash of the last migration; empty where there is none. */
  readonly head: string;
  /** The engine that spelled the texts. */
  readonly engine: string;
  /** Tables of other teams that the migrations made stubs of. */
  readonly externals: readonly string[];
  readonly carried: readonly Carried[];
  readonly state: State;
  /** Hashes of the change reports by path: what nothing else can tell of a file that was edited. */
  readonly reports: { readonly [path: string]: string };
}

const format = 1;

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** One object a line, so that a diff of the file shows what changed. */
export function snapshotText(snapshot: Snapshot): string {
  const head = {
    format,
    head: snapshot.head,
    engine: snapshot.engine,
    externals: snapshot.externals,
    carried: snapshot.carried,
    reports: snapshot.reports,
  };
  const objects = [...snapshot.state.values()].map((object) => JSON.stringify(object));
  const body = `${JSON.stringify(head)},\n${objects.join(',\n')}`;
  return `{"snapshot":[\n${body}\n],\n"digest":"${digest(body)}"}\n`;
}

/** `undefined` where there is none that can be trusted. */
export function readSnapshot(file: string): Snapshot | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const match = /^\{"snapshot":\[\n([\s\S]*)\n\],\n"digest":"([0-9a-f]{64})"\}\n$/.exec(text);
  if (match?.[1] === undefined || digest(match[1]) !== match[2]) return undefined;
  const [head, ...objects] = JSON.parse(`[${match[1].replace(/,\n$/, '')}]`) as [
    Omit<Snapshot, 'state'> & { readonly format: number },
    ...SchemaObject[],
  ];
  if (head.format !== format) return undefined;
  return {
    head: head.head,
    engine: head.engine,
    externals: head.externals,
    carried: head.carried,
    reports: head.reports,
    state: stateOf(objects),
  };
}
