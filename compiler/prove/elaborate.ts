/**
 * Desired state: what was declared is built in an empty engine and read back in PostgreSQL's own
 * spelling, in a transaction that is rolled back, so that the engine is empty again afterwards. An
 * error of PostgreSQL's becomes a diagnostic at the declaration that it comes from. Where an engine
 * holds what was declared before, the part that changed can be made anew in it.
 */
import { PostgresError, type Engine } from '../engine/engine.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { rootOf, stateOf, withSource, type SchemaObject, type State } from '../model/object.ts';
import { signatureName, signatureTypes, type Address } from '../model/address.ts';
import { diff } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import type { FoldedStatement } from '../plan/fold.ts';
import { makePlan } from '../plan/plan.ts';
import { withCarried, withoutOwned } from './carried.ts';
import { provideRoles, rolesOf } from './roles.ts';
import { ownedObjects } from './owned.ts';
import { readState, runStep } from './run.ts';

/** `known`: objects that were elaborated before as they are now; of them only what a state shows is made. */
export async function elaborate(engine: Engine, declared: DeclaredSchema, known: ReadonlySet<Address> = new Set()): Promise<State> {
  refuseWhatIsLacking(engine, declared);
  const after = stateOf(declared.objects);
  const before: State = new Map();
  const plan = makePlan({ before, after, changes: diff(before, after), major: engine.identity.major, annotation: () => ({}) });
  try {
    await begin(engine, declared);
    await runAll(
      engine,
      plan.statements.filter(({ unseen, subject }) => unseen !== true || !known.has(subject)),
    );
    await recheck(engine, plan.statements, declared);
    const spelled = await readState(engine, 'transaction', { tables: declared.referenceTables ?? [] });
    const carried = plan.statements.flatMap((statement) => statement.carries ?? []);
    const owned = await owners(engine, spelled, plan.statements, declared);
    return claimed(withoutOwned(withOwned(withCarried(spelled, carried), owned)), declared);
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    await engine.execute('ROLLBACK');
    throw new DiagnosticError([await locate(engine, plan.statements, declared, error)]);
  } finally {
    await engine.execute('ROLLBACK');
  }
}

/**
 * Elaborates whole trees of objects in an engine that holds `before`, those trees as they were among it: they
 * are dropped and made anew, and nothing of that stays. `declared.objects` are the trees as they are now. Throws
 * a `PostgresError` where that cannot be done. Gives undefined where what is made cannot be told from its owner.
 */
export async function elaborateWithin(
  engine: Engine,
  declared: DeclaredSchema,
  before: State,
  trees: ReadonlySet<Address>,
): Promise<State | undefined> {
  refuseWhatIsLacking(engine, declared);
  const remaining = stateOf([...before.values()].filter((object) => !trees.has(rootOf(object, before))));
  const after = stateOf([...remaining.values(), ...declared.objects]);
  const statementsOf = (from: State, to: State): readonly FoldedStatement[] =>
    makePlan({ before: from, after: to, changes: diff(from, to), major: engine.identity.major, annotation: () => ({}) }).statements;
  const made = statementsOf(remaining, after);
  const carried = made.flatMap((statement) => statement.carries ?? []);
  if (carried.some(({ attribute }) => attribute === '*')) return undefined;
  try {
    await begin(engine, declared);
    await runAll(engine, statementsOf(before, remaining));
    await runAll(engine, made);
    await recheck(engine, made, declared);
    const spelled = await readState(engine, 'transaction', { tables: declared.referenceTables ?? [] });
    return claimed(withCarried(spelled, carried), declared);
  } finally {
    await engine.execute('ROLLBACK');
  }
}

/** CREATE ROLE is transactional: they are gone with the rest. */
async function begin(engine: Engine, declared: DeclaredSchema): Promise<void> {
  await engine.execute('BEGIN');
  await provideRoles(engine, rolesOf(declared.objects));
}

/** One batch for each run of plain statements: a thousand tables in one round trip. */
async function runAll(engine: Engine, statements: readonly FoldedStatement[]): Promise<void> {
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await engine.execute(batch.join(';\n'));
    batch = [];
  };
  for (const statement of statements) {
    if (statement.step !== 'expand') batch.push(statement.sql);
    else {
      await flush();
      await runStep(engine, statement);
    }
  }
  await flush();
}

/** What was not looked at when it was made, since what it names came later, is looked at once everything is there. */
async function recheck(engine: Engine, statements: readonly FoldedStatement[], declared: DeclaredSchema): Promise<void> {
  for (const { prefers, subject } of statements) {
    if (prefers?.isUnheeded !== true || prefers.otherwise === undefined) continue;
    try {
      await engine.execute(prefers.otherwise.recheck);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      throw new DiagnosticError([asDiagnostic(error, subject, declared)]);
    }
  }
}

/** Nothing is looked for where everything that is there was declared, or nothing is carried that could have made it. */
async function owners(
  engine: Engine,
  spelled: State,
  statements: readonly FoldedStatement[],
  declared: DeclaredSchema,
): Promise<ReadonlyMap<Address, readonly Address[]>> {
  const wanted = new Set(declared.objects.map(({ id }) => id));
  const isComplete = [...spelled.keys()].every((id) => wanted.has(id));
  if (isComplete || !statements.some(({ carries }) => carries?.attribute === '*')) return new Map();
  return ownedObjects({
    engine,
    statements,
    declared: wanted,
    beginAgain: async () => {
      await engine.execute('ROLLBACK');
      await begin(engine, declared);
    },
  });
}

function withOwned(state: State, owned: ReadonlyMap<Address, readonly Address[]>): State {
  if (owned.size === 0) return state;
  const objects = [...state.values()].map((object) => {
    const owns = owned.get(object.id);
    return owns === undefined ? object : { ...object, attributes: { ...object.attributes, owns } };
  });
  return stateOf(objects);
}

function refuseWhatIsLacking(engine: Engine, declared: DeclaredSchema): void {
  const problems = declared.objects.flatMap((object) =>
    (kindOf(object).requires?.(object) ?? [])
      .filter((capability) => !engine.has(capability))
      .map((capability) => lacking(engine, declared, object, capability)),
  );
  if (problems.length > 0) throw new DiagnosticError(problems);
}

function lacking(engine: Engine, declared: DeclaredSchema, object: SchemaObject, capability: string): Diagnostic {
  const place = declared.annotations.get(object.id)?.place;
  return {
    code: 'engine-lacks',
    severity: 'error',
    message: `${engine.identity.name} has no ${capability}, so nothing that uses it can be proven`,
    subject: object.id,
    hint: 'compile on a server that has it: --engine postgres://user@host/postgres (a scratch database is made and dropped there)',
    ...(place === undefined ? {} : { place }),
  };
}

/** A privilege or an owner that is there without being declared is not seen: it is the role's that runs the migration. */
function changesNothing({ id }: SchemaObject, declared: DeclaredSchema): Diagnostic {
  const place = declared.annotations.get(id)?.place;
  return {
    code: 'access-changes-nothing',
    severity: 'error',
    message: `${id} says what is so without it: the role is the one that runs the migration, or has it already`,
    subject: id,
    hint: 'leave it out',
    ...(place === undefined ? {} : { place }),
  };
}

/** Runs the statements again one by one to find the one that fails, and in it the clause. */
async function locate(
  engine: Engine,
  statements: readonly FoldedStatement[],
  declared: DeclaredSchema,
  first: PostgresError,
): Promise<Diagnostic> {
  await begin(engine, declared);
  for (const statement of statements) {
    try {
      await runStep(engine, statement);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      return asDiagnostic(error, subjectAt(statement, error), declared);
    }
  }
  return asDiagnostic(first, undefined, declared);
}

function subjectAt(statement: FoldedStatement, error: PostgresError): Address {
  const position = error.position === undefined ? -1 : error.position - 1;
  return statement.clauses?.find((clause) => position >= clause.start && position < clause.end)?.subject ?? statement.subject;
}

function asDiagnostic(error: PostgresError, subject: Address | undefined, declared: DeclaredSchema): Diagnostic {
  const place = subject === undefined ? undefined : declared.annotations.get(subject)?.place;
  const hint = [error.detail, error.hint].filter((text) => text !== undefined).join('; ');
  return {
    code: 'refused-by-postgres',
    severity: 'error',
    message: `PostgreSQL refuses ${subject ?? 'the schema'}: ${error.message} (${error.code})`,
    ...(subject === undefined ? {} : { subject }),
    ...(place === undefined ? {} : { place }),
    ...(hint === '' ? {} : { hint }),
  };
}

/** Joins what was read back with what was declared; what only carried SQL can have made is no object of the schema. */
function claimed(spelled: State, declared: DeclaredSchema): State {
  const wanted = new Map(declared.objects.map((object) => [object.id, object]));
  const missing = declared.objects.filter((object) => !spelled.has(object.id));
  const idle = missing.filter((object) => kindOf(object).concerns === 'privileges');
  if (idle.length > 0) throw new DiagnosticError(idle.map((object) => changesNothing(object, declared)));
  const respelled = missing.flatMap((object) => otherSignature(object, spelled, wanted, declared));
  if (respelled.length > 0) throw new DiagnosticError(respelled);
  if (missing.length > 0) {
    throw new Error(
      `declared but not found after elaboration: ${missing.map((object) => object.id).join(', ')}; its kind's introspection and creation disagree`,
    );
  }
  const ours = [...spelled.values()].filter((object) => wanted.has(object.id));
  return stateOf(ours.map((object) => withSource(object, wanted.get(object.id))));
}

/** What is told apart by types was found under other names of them: PostgreSQL's own, which an address must have. */
function otherSignature(
  object: SchemaObject,
  spelled: State,
  wanted: ReadonlyMap<Address, SchemaObject>,
  declared: DeclaredSchema,
): readonly Diagnostic[] {
  const name = signatureName(object.path[1] ?? '');
  if (name === undefined || object.partOf !== undefined) return [];
  const found = [...spelled.values()].find(
    ({ id, kind, path }) => kind === object.kind && path[0] === object.path[0] && signatureName(path[1] ?? '') === name && !wanted.has(id),
  );
  if (found === undefined) return [];
  const place = declared.annotations.get(object.id)?.place;
  return [
    {
      code: 'signature-spelling',
      severity: 'error',
      message: `${object.id} is ${found.id} to PostgreSQL`,
      subject: object.id,
      hint: `write its argument types by their own names: ${signatureTypes(found.path[1] ?? '')}`,
      ...(place === undefined ? {} : { place }),
    },
  ];
}
