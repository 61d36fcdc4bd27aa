/**
 * Puts objects into an empty engine and reads them back in its spelling, in a transaction that is
 * rolled back. What the engine lacks or refuses is left out with what rests on it, and named: one
 * object that cannot be made must not keep the others from being compared.
 */
import { diff } from '../diff/diff.ts';
import { ownRoles } from '../engine/capabilities.ts';
import { PostgresError, type Engine } from '../engine/engine.ts';
import { kindOf } from '../kinds/registry.ts';
import type { Address } from '../model/address.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { SchemaObject, State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import { withCarried } from '../prove/carried.ts';
import { provideRoles, rolesOf } from '../prove/roles.ts';
import { readState, runStep } from '../prove/run.ts';

export interface Respelled {
  /** What could be made, as the engine prints it. */
  readonly state: State;
  /** With what the SQL of opaque objects made, and without them. */
  readonly whole: State;
  /** Why the others could not. */
  readonly refused: ReadonlyMap<Address, string>;
}

/** Respells the objects of a state that holds all that they need. The engine is left empty. */
export function respell(engine: Engine, objects: State): Promise<Respelled> {
  return withRespelled(engine, objects, (respelled) => Promise.resolve(respelled));
}

/** The same, with the objects in the engine while they are used, in a transaction that is rolled back. */
export async function withRespelled<Result>(
  engine: Engine,
  objects: State,
  use: (respelled: Respelled) => Promise<Result>,
): Promise<Result> {
  const refused = new Map(lacking(engine, objects));
  const after = withoutRefused(objects, refused);
  const statements = creation(engine, after, refused);
  const roles = engine.has(ownRoles) ? rolesOf(after.values()) : [];
  try {
    if (!(await runAtOnce(engine, statements, roles))) await runOneByOne(engine, statements, roles, refused);
    const whole = await readState(engine, 'transaction');
    const state = withCarried(
      whole,
      statements.flatMap((statement) => statement.carries ?? []),
    );
    return await use({ state, whole, refused });
  } finally {
    await engine.execute('ROLLBACK');
  }
}

function lacking(engine: Engine, objects: State): readonly (readonly [Address, string])[] {
  return [...objects.values()].flatMap((object) => {
    const capability = (kindOf(object).requires?.(object) ?? []).find((name) => !engine.has(name));
    return capability === undefined ? [] : [[object.id, `${engine.identity.name} has no ${capability}`] as const];
  });
}

/** Without what was refused and all that needs it; each is named with the reason of the first. */
function withoutRefused(objects: State, refused: Map<Address, string>): State {
  if (refused.size === 0) return objects;
  for (let grew = true; grew;) {
    grew = false;
    for (const object of objects.values()) {
      if (refused.has(object.id)) continue;
      const missing = object.dependsOn.find((id) => refused.has(id));
      if (missing === undefined) continue;
      refused.set(object.id, refused.get(missing) ?? '');
      grew = true;
    }
  }
  return new Map([...objects].filter(([id]) => !refused.has(id)));
}

function creation(engine: Engine, after: State, refused: Map<Address, string>): readonly Statement[] {
  const before: State = new Map();
  const written = new Map([...after].map(([id, object]) => [id, asRead(object)]));
  try {
    return makePlan({ before, after: written, changes: diff(before, written), major: engine.identity.major, annotation: () => ({}) })
      .statements;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    for (const id of after.keys()) refused.set(id, error.message);
    return [];
  }
}

/** The text as it was read, not as a person wrote it: that one has been through a server already. */
function asRead(object: SchemaObject): SchemaObject {
  if (object.facts?.['source'] === undefined) return object;
  return { ...object, facts: Object.fromEntries(Object.entries(object.facts).filter(([name]) => name !== 'source')) };
}

/** Roles that policies name are the engine's for as long as the transaction lasts; on a server a missing one is the policy's trouble. */
async function begin(engine: Engine, roles: readonly string[]): Promise<void> {
  await engine.execute('BEGIN; SET LOCAL check_function_bodies TO off');
  await provideRoles(engine, roles);
}

async function runAtOnce(engine: Engine, statements: readonly Statement[], roles: readonly string[]): Promise<boolean> {
  await begin(engine, roles);
  try {
    if (statements.some(({ step }) => step === 'expand')) for (const statement of statements) await runStep(engine, statement);
    else await engine.execute(statements.map(({ sql }) => sql).join(';\n'));
    return true;
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    await engine.execute('ROLLBACK');
    return false;
  }
}

async function runOneByOne(
  engine: Engine,
  statements: readonly Statement[],
  roles: readonly string[],
  refused: Map<Address, string>,
): Promise<void> {
  await begin(engine, roles);
  for (const statement of statements) {
    try {
      await engine.execute('SAVEPOINT one');
      await runStep(engine, statement);
      await engine.execute('RELEASE one');
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      await engine.execute('ROLLBACK TO one');
      for (const id of [statement.subject, ...statement.makes]) refused.set(id, error.message);
    }
  }
}
