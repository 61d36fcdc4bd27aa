/**
 * The proof of `pull`: the schema that was written is loaded as a user's would be, built in an engine and
 * compared with the database, in one spelling. What was left opaque is made by its own SQL there, and
 * must be the same as everything else.
 */
import type { AuthoredSchema } from '../author/author.ts';
import type { Recognised } from '../author/recognise-rules.ts';
import type { Selection } from '../author/select.ts';
import { diff } from '../diff/diff.ts';
import { load } from '../load/load.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { Engine } from '../engine/engine.ts';
import { makePlan } from '../plan/plan.ts';
import { withCarried } from '../prove/carried.ts';
import { provideRoles, rolesOf } from '../prove/roles.ts';
import { readState, runStep } from '../prove/run.ts';
import { elaborate } from '../prove/elaborate.ts';
import { comparable } from '../sources/comparable.ts';
import type { Engines } from '../sources/engines.ts';
import { extensionsOf } from '../sources/extensions.ts';
import type { Source } from '../sources/source.ts';
import { withoutExternals } from '../workspace/external.ts';

export interface ProofRequest {
  /** A folder of its own that holds `schema/`. */
  readonly folder: string;
  readonly dslModule: string;
  readonly engines: Engines;
  readonly source: Source;
  readonly selection: Selection;
  readonly recognised: Recognised;
  readonly authored: AuthoredSchema;
}

/** Gives what there is to notice; throws a `DiagnosticError` that names each difference. */
export async function proveAuthored(request: ProofRequest): Promise<readonly Diagnostic[]> {
  const { engines, recognised, authored, selection } = request;
  const declared = await load({ root: request.folder, folder: 'schema', loader: 'esbuild', dslModule: request.dslModule });
  const errors = declared.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new DiagnosticError(errors.map(explained));
  const built = await engines
    .borrow(extensionsOf(declared.objects), async (engine) => {
      const elaborated = await elaborate(engine, declared);
      return authored.opaque.length === 0 ? elaborated : builtWhole(engine, declared);
    })
    .catch((error: unknown) => {
      throw error instanceof DiagnosticError ? new DiagnosticError(error.diagnostics.map(explained)) : error;
    });
  const expected = withoutExternals(recognised.state, selection.externals);
  const made = withoutExternals(built, selection.externals);
  const { before, after, diagnostics } = await comparable(expected, made, engines);
  const differences = diff(before, after);
  const moved = movedColumns(recognised.state, declared.objects);
  if (differences.length + moved.length > 0) throw new DiagnosticError([...differences.map(difference), ...moved.map(inAnotherOrder)]);
  return diagnostics;
}

/** Tables whose columns are not declared in the order that they have in the database, which is part of what it holds. */
function movedColumns(state: State, declared: readonly SchemaObject[]): readonly Address[] {
  const orderOf = (objects: Iterable<SchemaObject>): ReadonlyMap<Address, string> => {
    const columns = new Map<Address, { readonly position: number; readonly id: Address }[]>();
    for (const { id, partOf, facts } of objects) {
      if (partOf === undefined || typeof facts?.['position'] !== 'number') continue;
      columns.set(partOf, [...(columns.get(partOf) ?? []), { position: facts['position'], id }]);
    }
    return new Map(
      [...columns].map(([table, list]) => [
        table,
        [...list]
          .sort((left, right) => left.position - right.position)
          .map(({ id }) => id)
          .join(),
      ]),
    );
  };
  const [wanted, made] = [orderOf(state.values()), orderOf(declared)];
  return [...made].flatMap(([table, order]) => (wanted.get(table) === order ? [] : [table]));
}

function inAnotherOrder(table: Address): Diagnostic {
  return differing(`the columns of ${table} stand in another order`, table);
}

function idOf(change: Change): Address {
  return change.change === 'removed' ? change.before.id : change.after.id;
}

/** Everything that the declarations make, with what the SQL of opaque objects makes: no object of the schema, but of the database. */
async function builtWhole(engine: Engine, declared: DeclaredSchema): Promise<State> {
  const after = stateOf(declared.objects);
  const before: State = new Map();
  const { statements } = makePlan({ before, after, changes: diff(before, after), major: engine.identity.major, annotation: () => ({}) });
  await engine.execute('BEGIN');
  try {
    await provideRoles(engine, rolesOf(declared.objects));
    for (const statement of statements) await runStep(engine, statement);
    const carried = statements.flatMap(({ carries }) => (carries === undefined || carries.attribute === '*' ? [] : [carries]));
    return withCarried(await readState(engine, 'transaction'), carried);
  } finally {
    await engine.execute('ROLLBACK');
  }
}

function explained(diagnostic: Diagnostic): Diagnostic {
  return {
    ...diagnostic,
    hint: `nothing was written${diagnostic.hint === undefined ? '' : `; ${diagnostic.hint}`}; --no-proof writes the schema as it is, to be mended by hand`,
  };
}

function difference(change: Change): Diagnostic {
  const said =
    change.change === 'added'
      ? 'is in the schema and not in the database'
      : change.change === 'removed'
        ? 'is in the database and not in the schema'
        : `differs in ${change.attributes.join(', ')}`;
  return differing(`${idOf(change)} ${said}`, idOf(change));
}

function differing(message: string, subject: Address): Diagnostic {
  return {
    code: 'pull-differs',
    severity: 'error',
    message,
    subject,
    hint: 'nothing was written; this is a fault of schemac, please report it with the definition of the object. --no-proof writes the schema as it is, to be mended by hand',
  };
}
