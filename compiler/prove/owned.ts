/**
 * What the SQL of carried objects makes: nobody declared it, and no catalog says whose it is. The
 * schema is built once more with the engine's counter of oids noted before and after each of them, and
 * read once: what has an oid between two notes was made there. Knows no kind.
 */
import type { Engine } from '../engine/engine.ts';
import { pinnedSettings, readObjects, rowsOf } from '../introspect/introspect.ts';
import { sweepQuery } from '../kinds/catalog-sweep.ts';
import type { IntrospectionContext } from '../kinds/contract.ts';
import type { Address } from '../model/address.ts';
import { compareText, withOwners, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { readState, runStep } from './run.ts';

type Owned = ReadonlyMap<Address, readonly Address[]>;

export interface OwnedRequest {
  readonly engine: Engine;
  readonly statements: readonly Statement[];
  readonly declared: ReadonlySet<Address>;
  /** Ends the transaction, and begins another one in the engine, which is empty then. */
  readonly beginAgain: () => Promise<void>;
}

/**
 * The addresses that each whole carried object made, by its own, without those that are declared. The
 * engine holds the schema afterwards.
 */
export async function ownedObjects(request: OwnedRequest): Promise<Owned> {
  const { engine, statements, declared } = request;
  await request.beginAgain();
  const spans = await runNoting(engine, statements);
  const { state, made } = await undone(engine, async () => {
    await engine.execute(pinnedSettings.join(';\n'));
    const read = await readObjects(engine, engine.identity.major);
    return { state: read.state, made: await oidsOf(engine, read.context) };
  });
  const oidOf = (id: Address): number | undefined => {
    const owner = withOwners(id, state).find((each) => made.has(each));
    return owner === undefined ? undefined : made.get(owner);
  };
  const owned = new Map<Address, Address[]>(spans.map(({ object }) => [object, []]));
  for (const id of state.keys()) {
    if (declared.has(id)) continue;
    const oid = oidOf(id) ?? 0;
    const maker = spans.find(({ from, to }) => from < oid && oid < to);
    // A remark or a privilege has no oid: on what was made elsewhere, it may come from anywhere.
    if (maker === undefined && !made.has(id)) return againOneByOne(request);
    if (maker !== undefined) owned.get(maker.object)?.push(id);
  }
  return new Map([...owned].map(([object, ids]) => [object, ids.sort(compareText)]));
}

interface Span {
  readonly object: Address;
  /** Oids that were taken just before and just after. */
  readonly from: number;
  readonly to: number;
}

function carriersOf(statements: readonly Statement[]): ReadonlySet<Address> {
  return new Set(statements.flatMap(({ carries }) => (carries?.attribute === '*' ? [carries.object] : [])));
}

async function runNoting(engine: Engine, statements: readonly Statement[]): Promise<readonly Span[]> {
  const carriers = carriersOf(statements);
  const spans: Span[] = [];
  let from: number | undefined;
  for (const step of statements) {
    from = carriers.has(step.subject) ? (from ?? (await noteOid(engine))) : undefined;
    await runStep(engine, step);
    if (step.carries?.attribute !== '*' || from === undefined) continue;
    const to = await noteOid(engine);
    spans.push({ object: step.subject, from, to });
    from = to;
  }
  return spans;
}

/** An empty large object takes the next oid of the counter that catalogs take theirs from (manual §34.3.1), and is gone again. */
async function noteOid(engine: Engine): Promise<number> {
  const [row] = await engine.query('SELECT made::int8 AS oid, pg_catalog.lo_unlink(made) FROM pg_catalog.lo_create(0) made');
  return Number(row?.['oid']);
}

/** The oid of each object that has one of its own. */
async function oidsOf(engine: Engine, context: IntrospectionContext): Promise<ReadonlyMap<Address, number>> {
  const rows = (await rowsOf(engine, sweepQuery(context))) as readonly { readonly catalog: string; readonly oids: readonly number[] }[];
  return new Map(
    rows.flatMap(({ catalog, oids }) =>
      oids.flatMap((oid) => {
        const id = context.resolveOwn({ catalog, oid });
        return id === undefined ? [] : [[id, oid] as const];
      }),
    ),
  );
}

/** The same by a look at the whole engine before and after each carried object. */
async function againOneByOne({ engine, statements, declared, beginAgain }: OwnedRequest): Promise<Owned> {
  await beginAgain();
  const carriers = carriersOf(statements);
  const owned = new Map<Address, readonly Address[]>();
  let known: State | undefined;
  for (const step of statements) {
    // What one of them leaves is what the next one finds, where nothing runs between them.
    known = carriers.has(step.subject) ? (known ?? (await present(engine))) : undefined;
    await runStep(engine, step);
    if (step.carries?.attribute !== '*') continue;
    const now = await present(engine);
    const made = [...now.keys()].filter((id) => known?.has(id) !== true && !declared.has(id));
    owned.set(step.subject, made.sort(compareText));
    known = now;
  }
  return owned;
}

function present(engine: Engine): Promise<State> {
  return undone(engine, () => readState(engine, 'transaction'));
}

/** Reading sets settings that the statements to come must not see. */
async function undone<Result>(engine: Engine, read: () => Promise<Result>): Promise<Result> {
  await engine.execute('SAVEPOINT schemac_owned');
  const result = await read();
  await engine.execute('ROLLBACK TO SAVEPOINT schemac_owned; RELEASE SAVEPOINT schemac_owned');
  return result;
}
