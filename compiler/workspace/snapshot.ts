/**
 * snapshot.json: a cache of the state after the last migration, keyed by the head of the lock. What
 * does not match, or was touched, is not trusted: the state is rebuilt by replaying the migrations.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ReferenceTable } from '../model/declared.ts';
import { stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { Carried } from '../model/statement.ts';
import type { PlanBefore } from '../model/workload.ts';

export interface Snapshot {
  /** The chained hash of the last migration; empty where there is none. */
  readonly head: string;
  /** The engine that spelled the texts. */
  readonly engine: string;
  /** Tables of other teams that the migrations made stubs of. */
  readonly externals: readonly string[];
  readonly carried: readonly Carried[];
  /** The lookup tables whose rows are in the state; absent where there is none. */
  readonly references?: readonly ReferenceTable[];
  readonly state: State;
  /** Hashes of the change reports by path: what nothing else can tell of a file that was edited. */
  readonly reports: { readonly [path: string]: string };
  /** How the declared queries were planned, by name; absent where none is declared. */
  readonly plans?: { readonly [query: string]: PlanBefore };
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
    ...(snapshot.references === undefined ? {} : { references: snapshot.references }),
    reports: snapshot.reports,
    ...(snapshot.plans === undefined ? {} : { plans: snapshot.plans }),
  };
  const objects = [...snapshot.state.values()].map((object) => JSON.stringify(object));
  const body = `${JSON.stringify(head)},\n${objects.join(',\n')}`;
  return `{"snapshot":[\n${body}\n],\n"digest":"${digest(body)}"}\n`;
}

/** All but the state, which is most of the file. */
type SnapshotHead = Omit<Snapshot, 'state'>;

/** `undefined` where there is none that can be trusted. */
export function readSnapshot(file: string): Snapshot | undefined {
  const body = readBody(file);
  const head = body === undefined ? undefined : headOf(body);
  if (body === undefined || head === undefined) return undefined;
  const objects = JSON.parse(`[${body.slice(body.indexOf('\n') + 1)}]`) as readonly SchemaObject[];
  return { ...head, state: stateOf(objects) };
}

/** The same without the state. */
export function readSnapshotHead(file: string): SnapshotHead | undefined {
  const body = readBody(file);
  return body === undefined ? undefined : headOf(body);
}

/** The head that a snapshot's text begins with; whether the rest is whole is not looked at. */
export function headOfText(beginning: string): string | undefined {
  return /^\{"snapshot":\[\n\{"format":\d+,"head":"([0-9a-f]*)"/.exec(beginning)?.[1];
}

/** The lines between the brackets, where their digest is the one that was written with them. */
function readBody(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const match = /^\{"snapshot":\[\n([\s\S]*)\n\],\n"digest":"([0-9a-f]{64})"\}\n$/.exec(readFileSync(file, 'utf8'));
  return match?.[1] === undefined || digest(match[1]) !== match[2] ? undefined : match[1];
}

function headOf(body: string): SnapshotHead | undefined {
  const line = body.slice(0, body.indexOf('\n')).replace(/,$/, '');
  const { format: written, ...head } = JSON.parse(line) as SnapshotHead & { readonly format: number };
  return written === format ? head : undefined;
}
