/**
 * What a schema folder says was called otherwise before: the renames are run in an engine that holds
 * what they touch of the first state, since only PostgreSQL knows what follows from a new name in
 * views, checks and defaults. Between two databases nobody says so, and nothing is started.
 */
import { partStatements, runRenames } from '../prove/renames.ts';
import { readState } from '../prove/run.ts';
import type { Address } from '../model/address.ts';
import type { Annotation } from '../model/declared.ts';
import { sameJson, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { closure } from './comparable.ts';
import type { Engines } from './engines.ts';
import { extensionsOf } from './extensions.ts';
import { withRespelled } from './respell.ts';

export interface Renamed {
  /** The first state once the renames are done. */
  readonly state: State;
  readonly statements: readonly Statement[];
}

export async function runDeclaredRenames(
  before: State,
  after: State,
  annotation: (id: Address) => Annotation,
  engines: Engines,
): Promise<Renamed> {
  const old = [...after.keys()].flatMap((id) => {
    const from = before.has(id) ? undefined : annotation(id).renamedFrom;
    return from !== undefined && before.has(from) ? [from] : [];
  });
  const parts = partStatements(before, { after, annotation }).map(({ subject }) => subject);
  if (old.length + parts.length === 0) return { state: before, statements: [] };
  const touched = closure(before, [...touchedBy(before, [...old, ...parts])]);
  return engines.borrow(extensionsOf(touched.values()), (engine) =>
    withRespelled(engine, touched, async ({ state: spelled }) => {
      const renamed = await runRenames({
        engine,
        before: spelled,
        after,
        annotation,
        read: () => readState(engine, 'transaction'),
        within: 'transaction',
      });
      return { state: joined(before, spelled, renamed.state), statements: renamed.statements };
    }),
  );
}

/** What is renamed, what belongs to it, and what rests on any of it, however far. */
function touchedBy(state: State, ids: readonly Address[]): ReadonlySet<Address> {
  const found = new Set(ids);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const object of state.values()) {
      if (object.dependsOn.some((id) => found.has(id)) || found.has(object.partOf ?? '')) found.add(object.id);
    }
  }
  return found;
}

/** What the renames did not change keeps its spelling; what they changed is in the engine's. */
function joined(before: State, spelled: State, renamed: State): State {
  const gone = [...spelled.keys()].filter((id) => !renamed.has(id));
  const objects = new Map<Address, SchemaObject>([...before].filter(([id]) => !gone.includes(id)));
  for (const [id, object] of renamed) {
    const [was, kept] = [spelled.get(id), before.get(id)];
    const isSame = was !== undefined && kept !== undefined && sameJson(was.attributes, object.attributes);
    objects.set(id, isSame ? { ...kept, dependsOn: object.dependsOn } : object);
  }
  return objects;
}
