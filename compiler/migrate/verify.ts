/**
 * Compares the database with what was recorded of it before the first migration of a run (or before
 * each), remembers it afterwards, and compares it with what was promised when everything is applied.
 * Loads what reads catalogs only when there is something to do.
 */
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { Promised } from './promised.ts';
import type { Session } from './session.ts';
import { readRecords } from './state-schema.ts';

/** `ends`: before the first and after the last migration of a run; `each`: also between any two; `off`: not at all. */
export type Verify = 'each' | 'ends' | 'off';

export interface Verifier {
  /** Throws a `DiagnosticError` that names what somebody changed by hand. */
  readonly compare: () => Promise<void>;
  /** Takes down what is there now. */
  readonly remember: () => Promise<void>;
  /** What is not as it was proven to be. */
  readonly judge: (promised: Promised) => Promise<readonly Diagnostic[]>;
}

const idle: Verifier = { compare: () => Promise.resolve(), remember: () => Promise.resolve(), judge: () => Promise.resolve([]) };

/** Objects that migrations made: those remembered that are still there, and what differs since the last look. */
function ownObjects(remembered: Fingerprints, before: Fingerprints, now: Fingerprints): Fingerprints {
  return new Map([...now].filter(([id, fingerprint]) => remembered.has(id) || before.get(id) !== fingerprint));
}

/** Reads what is remembered of the database; every `compare` looks at it anew. */
export async function beginVerifying(session: Session, verify: Verify): Promise<Verifier> {
  if (verify === 'off') return idle;
  const { control, server, stateSchema, database, report } = session;
  const [prints, { brokenPromises, changedByHand }] = await Promise.all([import('./fingerprints.ts'), import('./differences.ts')]);
  const look = (): Promise<State> => prints.readObjects(control, server.major, stateSchema);
  const printed = (state: State): Fingerprints => new Map([...state].map(([id, object]) => [id, prints.fingerprintOf(object)]));
  let remembered = await prints.readRemembered(control, stateSchema);
  let state: State = new Map();
  const own = new Set<string>();
  return {
    compare: async () => {
      state = await look();
      if (remembered.records === undefined) return;
      if (remembered.records !== prints.recordsKey(await readRecords(control, stateSchema)) || remembered.major !== server.major) {
        report('the last run ended before it could take down what it left, or the server is a newer one: the database is taken as it is');
        return;
      }
      const problems = changedByHand(remembered.objects, state, database);
      if (problems.length > 0) throw new DiagnosticError(problems);
    },
    remember: async () => {
      const now = await look();
      const objects = ownObjects(remembered.objects, printed(state), printed(now));
      const next = { objects, records: prints.recordsKey(await readRecords(control, stateSchema)), major: server.major };
      await prints.remember(control, stateSchema, remembered.objects, next);
      for (const id of [...remembered.objects.keys(), ...objects.keys()]) own.add(id);
      [remembered, state] = [next, now];
    },
    judge: (promised) => Promise.resolve(brokenPromises(promised, state, { major: server.major, database, own })),
  };
}
