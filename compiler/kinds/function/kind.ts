/** All that the compiler knows of functions beside what procedures have as well (manual: CREATE FUNCTION). */
import { address, pathText } from '../../model/address.ts';
import { sameJson, sourceOf } from '../../model/object.ts';
import type { Hazard } from '../../model/statement.ts';
import { flagOf, numberOf, optional, optionalText, textOf } from '../catalog.ts';
import type { AttributeRules, CatalogRow, Kind, PlanContext } from '../contract.ts';
import { routineAttributes, routineEntries, routineIdentities, routinePath, routineQuery } from '../routine-introspect.ts';
import {
  createRoutine,
  describeRoutine,
  dropRoutine,
  isReplaceableRoutine,
  renameRoutine,
  routineRule,
  type RoutineForm,
} from '../routine-sql.ts';
import { hazard } from '../statements.ts';
import { functionAuthor } from './author.ts';
import type { Function, FunctionAttributes } from './object.ts';

/** Kinds that keep what a function computed, or answer by it: an index entry, a stored value, a row that passed. */
const keepsResults: ReadonlySet<string> = new Set(['check', 'column', 'domain', 'exclusion', 'index', 'materialized-view', 'partition']);

const volatilities = { i: 'immutable', s: 'stable', v: 'volatile' } as const;
const parallels = { s: 'safe', r: 'restricted', u: 'unsafe' } as const;

function returnsClause(object: Function): string {
  return `RETURNS ${sourceOf(object, 'returns')}`;
}

function clauses(object: Function): readonly string[] {
  const { volatility, strict, leakproof, parallel, cost, rows, support, window } = object.attributes;
  return [
    ...(window ? ['WINDOW'] : []),
    ...(volatility === 'volatile' ? [] : [volatility.toUpperCase()]),
    ...(strict ? ['STRICT'] : []),
    ...(leakproof ? ['LEAKPROOF'] : []),
    ...(parallel === 'unsafe' ? [] : [`PARALLEL ${parallel.toUpperCase()}`]),
    ...(cost === undefined ? [] : [`COST ${String(cost)}`]),
    ...(rows === undefined ? [] : [`ROWS ${String(rows)}`]),
    ...(support === undefined ? [] : [`SUPPORT ${support}`]),
  ];
}

/** Values that are stored were computed by the function as it was; PostgreSQL computes none of them again. */
function changeHazards(before: Function, after: Function, context: PlanContext): readonly Hazard[] {
  const computes = (object: Function): readonly unknown[] => {
    const { body, library, language, volatility, strict, settings } = object.attributes;
    return [body, library, language, volatility, strict, settings];
  };
  if (sameJson(computes(before), computes(after))) return [];
  return [...context.before.values()]
    .filter((object) => keepsResults.has(object.kind) && object.dependsOn.includes(before.id) && context.after.has(object.id))
    .map((object) =>
      hazard('stale-results', object.id, `it was computed by ${pathText(before.path)} as it was, and is not computed again by this change`),
    );
}

const form: RoutineForm<Function> = {
  word: 'FUNCTION',
  clauses: (object) => ({ returns: returnsClause(object), more: clauses(object) }),
  isReplaceable: (before, after) =>
    isReplaceableRoutine(before, after) &&
    before.attributes.returns === after.attributes.returns &&
    before.attributes.window === after.attributes.window,
  changeHazards,
};

function read(row: CatalogRow): FunctionAttributes {
  const routine = routineAttributes(row);
  const [cost, rows] = [numberOf(row, 'cost'), numberOf(row, 'rows')];
  const usualCost = ['c', 'internal'].includes(routine.language) ? 1 : 100;
  return {
    ...routine,
    returns: textOf(row, 'returns'),
    volatility: volatilities[textOf(row, 'volatility') as keyof typeof volatilities],
    strict: flagOf(row, 'strict'),
    leakproof: flagOf(row, 'leakproof'),
    parallel: parallels[textOf(row, 'parallel') as keyof typeof parallels],
    ...optional('cost', cost === usualCost ? undefined : cost),
    ...optional('rows', !flagOf(row, 'returns_set') || rows === 1000 ? undefined : rows),
    ...optional('support', optionalText(row, 'support')),
    window: textOf(row, 'kind') === 'w',
  };
}

/** The columns of RETURNS TABLE one by one, for those who write the function down again. */
function resultColumns(row: CatalogRow): { readonly facts?: { readonly columns: readonly { readonly [name: string]: string }[] } } {
  const columns = row['columns'];
  return Array.isArray(columns) ? { facts: { columns: columns as readonly { readonly [name: string]: string }[] } } : {};
}

const rule = (attribute: keyof FunctionAttributes) => routineRule(form, attribute);

const rules: AttributeRules<Function> = {
  arguments: rule('arguments'),
  returns: rule('returns'),
  language: rule('language'),
  body: rule('body'),
  bodyForm: rule('bodyForm'),
  library: rule('library'),
  securityDefiner: rule('securityDefiner'),
  settings: rule('settings'),
  transforms: rule('transforms'),
  volatility: rule('volatility'),
  strict: rule('strict'),
  leakproof: rule('leakproof'),
  parallel: rule('parallel'),
  cost: rule('cost'),
  rows: rule('rows'),
  support: rule('support'),
  window: rule('window'),
};

export const functionKind: Kind<Function> = {
  kind: 'function',
  introspect: {
    entries: routineEntries(['f', 'w']),
    query: () => routineQuery(['f', 'w']),
    read: (row) => {
      const path = routinePath(row);
      return {
        object: { kind: 'function', id: address('function', ...path), path, attributes: read(row), ...resultColumns(row) },
        identities: routineIdentities(row),
      };
    },
  },
  create: createRoutine(form),
  drop: dropRoutine(form),
  alter: rules,
  rename: renameRoutine('FUNCTION'),
  describe: describeRoutine(form),
  author: functionAuthor,
};
