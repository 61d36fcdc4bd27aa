/** Functions and procedures become objects: their arguments, what they return, their bodies. */
import { address, signature, type Address } from '../model/address.ts';
import { declareFunction } from '../kinds/function/declare.ts';
import { declareProcedure } from '../kinds/procedure/declare.ts';
import { inputTypes, type RoutineArgument, type RoutineAttributes } from '../kinds/routine.ts';
import { settingList } from '../kinds/routine-settings.ts';
import { leadingWords } from '../sql/scan.ts';
import { quoteName } from '../sql/quote.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { AnyColumn } from '../dsl/column.ts';
import type { FunctionDeclaration, ProcedureDeclaration, ReturnsInput, ReturnsTable, SetOf } from '../dsl/routines.ts';
import { checkSchema, schemaNeeds } from './common-parts.ts';
import { takeAccess } from './compose-grants.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import type { Notes } from './context.ts';
import { renderBody, renderSql } from './render-sql.ts';
import type { NamedArgument, NamedRoutine, RoutineDeclaration } from './routines.ts';

export function composeFunction(declared: FunctionDeclaration, context: SchemaContext): void {
  const routine = namedRoutine(declared, context);
  const { definition } = declared;
  const common = commonAttributes('function', declared, routine, context);
  const returns = returnsOf(declared, routine, context);
  const support = definition.support === undefined ? undefined : rendered(definition.support, ['support'], declared, context);
  const object = declareFunction({
    ...common.attributes,
    schema: routine.path[0],
    name: routine.path[1],
    returns: returns.text,
    volatility: definition.volatility ?? 'volatile',
    strict: definition.strict ?? false,
    leakproof: definition.leakproof ?? false,
    parallel: definition.parallel ?? 'unsafe',
    ...present({ cost: definition.cost, rows: definition.rows, support: support?.text }),
    window: definition.window ?? false,
    needs: [...common.needs, ...returns.needs, ...(support?.needs ?? [])],
  });
  context.add(object, declared.origin, [], notesOf('function', declared, routine));
  takeAccess('function', object.id, declared, context);
}

export function composeProcedure(declared: ProcedureDeclaration, context: SchemaContext): void {
  const routine = namedRoutine(declared, context);
  const { attributes, needs } = commonAttributes('procedure', declared, routine, context);
  const object = declareProcedure({ ...attributes, schema: routine.path[0], name: routine.path[1], needs });
  context.add(object, declared.origin, [], notesOf('procedure', declared, routine));
  takeAccess('procedure', object.id, declared, context);
}

function namedRoutine(declared: RoutineDeclaration, context: SchemaContext): NamedRoutine {
  const routine = context.routines.get(declared);
  if (routine === undefined) throw new Error('it was not named before it was composed');
  return routine;
}

function notesOf(kind: string, { definition }: RoutineDeclaration, { path, arguments: given }: NamedRoutine): Notes {
  const { doc, renamedFrom, suppress } = definition;
  const former = renamedFrom === undefined ? undefined : address(kind, path[0], signature(renamedFrom, inputTypes(given)));
  return present({ doc, renamedFrom: former, suppress });
}

function commonAttributes(
  word: 'function' | 'procedure',
  declared: RoutineDeclaration,
  routine: NamedRoutine,
  context: SchemaContext,
): { readonly attributes: RoutineAttributes; readonly needs: readonly Address[] } {
  const { definition, origin } = declared;
  const [schema, name] = routine.path;
  const what = `${word} "${name}"`;
  checkSchema(schema, origin, ['schema'], context);
  // A routine is told apart by the types that it takes: another one of its name may take others.
  const namespaces = [`routine ${schema} (${inputTypes(routine.arguments).join(', ')})`];
  context.names.claim({ namespaces, name, what, subject: routine.id, at: origin, keys: [] });
  const needs: Address[] = [...schemaNeeds(schema), ...routine.needs];
  const given = routine.arguments.map((argument) => argumentOf(argument, declared, what, needs, context));
  const body = bodyOf(declared, what, context);
  const transforms = (definition.transforms ?? []).map((written) => routine.typeOf(written, 'transforms'));
  needs.push(...body.needs, ...transforms.flatMap((type) => type.needs));
  const attributes: RoutineAttributes = {
    arguments: given,
    language: definition.language,
    body: body.text,
    bodyForm: body.form,
    ...present({ library: definition.library }),
    securityDefiner: definition.security === 'definer',
    settings: settingsOf(definition.settings ?? {}),
    transforms: transforms.map(({ text }) => text),
  };
  return { attributes, needs };
}

function argumentOf(
  { mode, type, name, written, keys }: NamedArgument,
  declared: RoutineDeclaration,
  what: string,
  needs: Address[],
  context: SchemaContext,
): RoutineArgument {
  const { default: fallback, ...others } = written.options;
  const [useless] = Object.entries(others).filter(([option, value]) => value !== undefined && !isTypeOption(option));
  if (useless !== undefined) {
    context.report({
      code: 'invalid-argument',
      message: `${what} gives the argument${name === undefined ? '' : ` "${name}"`} the option ${useless[0]}, which an argument cannot have`,
      hint: 'of the options of a column word, an argument has its default alone; say what it means in the doc of the whole',
      at: declared.origin,
      keys,
    });
  }
  const value = fallback === undefined ? undefined : rendered(fallback, keys, declared, context);
  needs.push(...(value?.needs ?? []));
  return { mode, type, ...present({ name, default: value?.text }) };
}

/** Length and precision are part of the word for the type; PostgreSQL forgets them in arguments. */
function isTypeOption(option: string): boolean {
  return ['length', 'precision', 'scale'].includes(option);
}

function rendered(value: unknown, keys: readonly string[], declared: RoutineDeclaration, context: SchemaContext) {
  return renderSql(value, { at: declared.origin, keys, what: `${keys.at(-1) ?? ''} of "${declared.name}"` }, context);
}

/**
 * The body and its form. What a body of text names is no dependency: PostgreSQL knows none either, and
 * the planner finds what should be there first in the text.
 */
function bodyOf(declared: RoutineDeclaration, what: string, context: SchemaContext) {
  const { definition, origin } = declared;
  const { text, needs } = renderBody(definition.body, { at: origin, keys: ['body'], what: `the body of ${what}` }, context);
  const [first, second] = leadingWords(text, 2);
  const isStandard = definition.language.toLowerCase() === 'sql' && (first === 'return' || (first === 'begin' && second === 'atomic'));
  if (!isStandard) return { text, form: 'text' as const, needs: [] };
  return { text: text.trim().replace(/;$/, ''), form: 'standard' as const, needs };
}

function settingsOf(written: NonNullable<FunctionDeclaration['definition']['settings']>): { readonly [name: string]: string } {
  const pairs = Object.entries(written).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? settingList(value as readonly string[]) : String(value as string | number | boolean),
  ]);
  return Object.fromEntries(pairs);
}

/** What stands after RETURNS. */
function returnsOf(declared: FunctionDeclaration, routine: NamedRoutine, context: SchemaContext) {
  const { returns } = declared.definition;
  if (returns === undefined) return { text: resultOfArguments(declared, routine, context), needs: [] };
  if (typeof returns === 'string') return { text: returns, needs: [] };
  return typeText(returns, routine);
}

function typeText(returns: Exclude<ReturnsInput, string>, routine: NamedRoutine) {
  if (wordOf(returns) === 'set of') {
    const { text, needs } = routine.typeOf((returns as SetOf).of, 'returns');
    return { text: `SETOF ${text}`, needs };
  }
  if (wordOf(returns) !== 'returns table') return routine.typeOf(returns as AnyColumn, 'returns');
  const columns = Object.entries((returns as ReturnsTable).columns).map(([name, column]) => ({ name, ...routine.typeOf(column, name) }));
  return {
    text: `TABLE(${columns.map(({ name, text }) => `${quoteName(name)} ${text}`).join(', ')})`,
    needs: columns.flatMap(({ needs }) => needs),
  };
}

/** One argument that is given back is the result, several are a record (manual: CREATE FUNCTION, rettype). */
function resultOfArguments(declared: FunctionDeclaration, routine: NamedRoutine, context: SchemaContext): string {
  const given = routine.arguments.filter(({ mode }) => mode === 'out' || mode === 'inout');
  if (given.length === 0) {
    context.report({
      code: 'invalid-argument',
      message: `function "${declared.name}" returns nothing`,
      hint: "say what it returns, `returns: 'void'` where it is nothing",
      at: declared.origin,
    });
    return 'void';
  }
  return given.length === 1 ? (given[0]?.type ?? 'record') : 'record';
}
