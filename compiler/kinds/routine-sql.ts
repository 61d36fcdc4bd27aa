/**
 * How functions and procedures are made, changed, dropped and renamed; the word after CREATE and the
 * clauses that only functions have are given by the kind. CREATE OR REPLACE takes every change that
 * PostgreSQL lets it take: it keeps grants, comments and what depends on the routine.
 */
import { address, pathText, signatureTypes, type Address } from '../model/address.ts';
import type { NoteNode } from '../model/document.ts';
import { dependencyList, sourceOf, type State } from '../model/object.ts';
import { statement, type Hazard, type Preference, type Statement } from '../model/statement.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import { optional } from './catalog.ts';
import type { AttributeRule, DescribeContext, PlanContext } from './contract.ts';
import { firstDifference, keepsArguments, routineName, type Routine, type RoutineArgument } from './routine.ts';
import { mentions } from './routine-mentions.ts';
import { settingClause } from './routine-settings.ts';
import { signedName } from './signed-name.ts';
import { hazard } from './statements.ts';

/** What a kind says of its own. */
export interface RoutineForm<Object extends Routine> {
  readonly word: 'FUNCTION' | 'PROCEDURE';
  /** `RETURNS …`, and what stands between LANGUAGE and the body. */
  readonly clauses: (object: Object) => { readonly returns: string; readonly more: readonly string[] };
  /** Whether CREATE OR REPLACE takes the change. */
  readonly isReplaceable: (before: Object, after: Object) => boolean;
  /** What the change means for what is there already. */
  readonly changeHazards: (before: Object, after: Object, context: PlanContext) => readonly Hazard[];
}

/** `public.total(integer, text)`, as ALTER and DROP name it. */
export function routineReference(routine: Pick<Routine, 'path'>): string {
  return signedName(routine.path);
}

const modeWords = { in: '', out: 'OUT ', inout: 'INOUT ', variadic: 'VARIADIC ' } as const;

function argumentText({ mode, name, type, default: fallback }: RoutineArgument): string {
  return `${modeWords[mode]}${name === undefined ? '' : `${quoteName(name)} `}${type}${fallback === undefined ? '' : ` DEFAULT ${fallback}`}`;
}

function bodyText(routine: Routine): string {
  const { bodyForm, library } = routine.attributes;
  const body = sourceOf(routine, 'body');
  if (bodyForm === 'standard') return body;
  if (library !== undefined) return `AS ${quoteText(library)}, ${quoteText(body)}`;
  return `AS ${dollarQuote(body)}`;
}

function createSql<Object extends Routine>(routine: Object, form: RoutineForm<Object>, verb: 'CREATE' | 'CREATE OR REPLACE'): string {
  const { language, securityDefiner, settings, transforms } = routine.attributes;
  const { returns, more } = form.clauses(routine);
  const name = qualifiedName([routine.path[0] ?? '', routineName(routine)]);
  const clauses = [
    ...(transforms.length === 0 ? [] : [`TRANSFORM ${transforms.map((type) => `FOR TYPE ${type}`).join(', ')}`]),
    ...more,
    ...(securityDefiner ? ['SECURITY DEFINER'] : []),
    ...Object.entries(settings).map(([setting, value]) => settingClause(setting, value)),
  ];
  return [
    `${verb} ${form.word} ${name}(${sourceOf(routine, 'arguments').map(argumentText).join(', ')})${returns === '' ? '' : ` ${returns}`}`,
    `LANGUAGE ${quoteName(language)}${clauses.length === 0 ? '' : ` ${clauses.join(' ')}`}`,
    bodyText(routine),
  ].join('\n');
}

/**
 * What the text of a body names should be there first. Where that is a circle, as with a function that
 * reads the table whose default calls it, the body is not looked at when the function is made, as
 * pg_dump does it: check_function_bodies off.
 */
function preference<Object extends Routine>(
  routine: Object,
  former: Object | undefined,
  form: RoutineForm<Object>,
  context: PlanContext,
): { readonly prefers?: Preference } {
  const objects = dependencyList([...namedIn(routine, context.after), ...(former === undefined ? [] : namedIn(former, context.before))]);
  if (objects.length === 0) return {};
  // A SET would hold for the whole block: whoever resumes a migration runs the settings of a block first.
  const set = (value: 'off' | 'on'): string => `SELECT set_config('check_function_bodies', ${quoteText(value)}, true)`;
  const otherwise = {
    before: { sql: set('off'), purpose: `Leave the body of ${pathText(routine.path)} unchecked: it names what is made later.` },
    after: { sql: set('on'), purpose: '' },
    recheck: createSql(routine, form, 'CREATE OR REPLACE'),
  };
  return { prefers: { objects, otherwise } };
}

/** PostgreSQL itself knows what a body of the standard form needs. */
function namedIn(routine: Routine, state: State): readonly Address[] {
  return routine.attributes.bodyForm === 'standard' ? [] : mentions(sourceOf(routine, 'body'), routine.id, state);
}

export function createRoutine<Object extends Routine>(form: RoutineForm<Object>) {
  return (routine: Object, context: PlanContext): readonly Statement[] => [
    statement({
      sql: createSql(routine, form, 'CREATE'),
      purpose: `Create ${form.word.toLowerCase()} ${pathText(routine.path)}.`,
      subject: routine.id,
      needs: routine.dependsOn,
      makes: [routine.id],
      reverse: `DROP ${form.word} ${routineReference(routine)}`,
      ...preference(routine, undefined, form, context),
    }),
  ];
}

/** A routine that is made again in the same plan is no loss to the application. */
export function dropRoutine<Object extends Routine>(form: RoutineForm<Object>) {
  return (routine: Object, context: PlanContext): readonly Statement[] => {
    const comesBack = context.after.has(routine.id);
    const words = form.word.toLowerCase();
    return [
      statement({
        sql: `DROP ${form.word} ${routineReference(routine)}`,
        purpose: `Drop ${words} ${pathText(routine.path)}${comesBack ? ', to be made again' : ''}.`,
        subject: routine.id,
        destroys: [routine.id],
        prefers: { objects: namedIn(routine, context.before) },
        hazards: comesBack
          ? []
          : [hazard('application-order', routine.id, `no running version of the application may use the ${words} any more`)],
        reverse: createSql(routine, form, 'CREATE'),
        phase: comesBack ? 'expand' : 'contract',
      }),
    ];
  };
}

/** The rule of every attribute of a kind: one CREATE OR REPLACE for all that differ, or a replacement. */
export function routineRule<Object extends Routine>(form: RoutineForm<Object>, attribute: string): AttributeRule<Object> {
  return {
    replaces: (before, after) => !form.isReplaceable(before, after),
    statements: (before, after, context) => {
      if (firstDifference(before, after) !== attribute) return [];
      return [
        statement({
          sql: createSql(after, form, 'CREATE OR REPLACE'),
          purpose: `Change ${form.word.toLowerCase()} ${pathText(after.path)}.`,
          subject: after.id,
          // It also gives up what the old one used, so that it can be dropped afterwards.
          needs: [...after.dependsOn, ...before.dependsOn],
          makes: [after.id],
          hazards: [...rightsHazards(before, after), ...form.changeHazards(before, after, context)],
          ...(form.isReplaceable(after, before) ? { reverse: createSql(before, form, 'CREATE OR REPLACE') } : {}),
          ...preference(after, before, form, context),
        }),
      ];
    },
  };
}

export function isReplaceableRoutine(before: Routine, after: Routine): boolean {
  return keepsArguments(before, after);
}

function rightsHazards(before: Routine, after: Routine): readonly Hazard[] {
  if (before.attributes.securityDefiner === after.attributes.securityDefiner) return [];
  return [hazard('authorization', after.id, 'it runs with the rights of another role from now on')];
}

/** A routine in documents: its definition whole for change reports, a line of it for lists. */
export function describeRoutine<Object extends Routine>(form: RoutineForm<Object>) {
  return (routine: Object, context: DescribeContext): readonly NoteNode[] => {
    const { returns, more } = form.clauses(routine);
    const { language, securityDefiner } = routine.attributes;
    const words = [returns, `LANGUAGE ${language}`, ...more, ...(securityDefiner ? ['SECURITY DEFINER'] : [])];
    const schema = routine.path[0] ?? '';
    return [
      {
        node: 'note',
        id: routine.id,
        title: form.word.toLowerCase(),
        name: pathText(schema === 'public' ? routine.path.slice(1) : routine.path),
        definition: createSql(routine, form, 'CREATE'),
        topic: 'routine',
        summary: words.filter((word) => word !== '').join(' '),
        ...optional('doc', context.annotation(routine.id).doc),
      },
    ];
  };
}

/** First the schema, then the name: ALTER takes one at a time. */
export function renameRoutine(word: string) {
  return (before: Routine, after: Routine): readonly Statement[] => {
    const [oldSchema = '', newSchema = ''] = [before.path[0], after.path[0]];
    const [oldName, newName] = [routineName(before), routineName(after)];
    const types = signatureTypes(before.path[1] ?? '');
    const reference = (schema: string, name: string): string => `${qualifiedName([schema, name])}(${types})`;
    const step = (target: string, action: string, purpose: string, reverse: string): Statement =>
      statement({
        sql: `ALTER ${word} ${target} ${action}`,
        purpose,
        subject: after.id,
        hazards: [hazard('backward-compatibility', after.id, `running code that names ${pathText(before.path)} fails from now on`)],
        reverse: `ALTER ${word} ${reverse}`,
      });
    const moved = reference(newSchema, oldName);
    return [
      ...(oldSchema === newSchema
        ? []
        : [
            step(
              reference(oldSchema, oldName),
              `SET SCHEMA ${quoteName(newSchema)}`,
              `Move ${pathText(before.path)} to schema ${newSchema}.`,
              `${moved} SET SCHEMA ${quoteName(oldSchema)}`,
            ),
          ]),
      ...(oldName === newName
        ? []
        : [
            step(
              moved,
              `RENAME TO ${quoteName(newName)}`,
              `Rename ${pathText([newSchema, before.path[1] ?? ''])} to ${newName}.`,
              `${reference(newSchema, newName)} RENAME TO ${quoteName(oldName)}`,
            ),
          ]),
    ];
  };
}

/** The address of a routine before it got its name. */
export function formerRoutine(kind: string, path: readonly [schema: string, signature: string], former: string): Address {
  return address(kind, path[0], `${former}(${signatureTypes(path[1])})`);
}
