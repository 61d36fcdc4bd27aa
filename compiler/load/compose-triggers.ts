/**
 * Triggers of a table or a view become objects. What CREATE TRIGGER refuses for the form of a trigger
 * alone is said here, at its place; the rest PostgreSQL says.
 */
import { address, type Address } from '../model/address.ts';
import { declareTrigger } from '../kinds/trigger/declare.ts';
import type { TriggerAttributes } from '../kinds/trigger/object.ts';
import { qualifiedName } from '../sql/quote.ts';
import { wordOf, type Declaration, type Origin } from '../dsl/declaration.ts';
import type { FunctionDeclaration } from '../dsl/routines.ts';
import type { Name } from '../dsl/sql.ts';
import type { TriggerInput, TriggersInput } from '../dsl/triggers.ts';
import { targetTable } from './column-types.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { relationPath } from './relation-path.ts';
import { renderSql } from './render-sql.ts';
import { constraintSpace } from './schema-names.ts';

/** The relation that the triggers are on; a view's columns are no objects, so that it knows none. */
export interface TriggerContext extends SchemaContext {
  readonly form: 'table' | 'view';
  readonly id: Address;
  readonly path: readonly [schema: string, name: string];
  readonly origin: Origin;
  readonly columnIds: ReadonlyMap<string, Address>;
}

interface Written {
  readonly name: string;
  readonly input: TriggerInput;
  readonly what: string;
  readonly keys: readonly string[];
}

export function composeTriggers(on: TriggerContext, triggers: TriggersInput | undefined): void {
  for (const [name, input] of Object.entries(triggers ?? {})) {
    composeTrigger({ name, input, what: `trigger "${name}" of ${on.form} "${on.path[1]}"`, keys: ['triggers', name] }, on);
  }
}

function composeTrigger(written: Written, on: TriggerContext): void {
  const { name, input, what, keys } = written;
  for (const fault of faults(input, on))
    on.report({ code: 'invalid-trigger', ...fault, message: `${what} ${fault.message}`, at: on.origin, keys });
  const called = functionOf(written, on);
  const where = { at: on.origin, keys, what };
  const condition =
    input.condition === undefined ? undefined : renderSql(input.condition, { ...where, what: `the condition of ${what}` }, on);
  const other = otherRelation(input, where, on);
  const object = declareTrigger({
    on: on.id,
    path: [...on.path, name],
    ...attributesOf(input),
    ...present({ condition: condition?.text }),
    function: called.text,
    ...(input.constraint === undefined
      ? {}
      : {
          constraint: {
            deferral: input.constraint.deferral ?? 'not deferrable',
            ...present({ references: other === undefined ? undefined : qualifiedName(other) }),
          },
        }),
    needs: [
      ...called.needs,
      ...(condition?.needs ?? []),
      // A condition may name any column.
      ...(condition === undefined ? [] : on.columnIds.values()),
      ...columnNeeds(written, on),
      ...(other === undefined ? [] : [address('table', ...other)]),
    ],
  });
  const namespaces = [`trigger ${on.path.join('.')}`, ...(input.constraint === undefined ? [] : [constraintSpace(on.path)])];
  on.names.claim({ namespaces, name, what, subject: object.id, at: on.origin, keys });
  const former = input.renamedFrom === undefined ? undefined : address('trigger', ...on.path, input.renamedFrom);
  on.add(object, on.origin, keys, present({ doc: input.doc, renamedFrom: former, suppress: input.suppress }));
}

/** The table that a constraint trigger is about beside its own. */
function otherRelation(
  { constraint }: TriggerInput,
  where: Parameters<typeof targetTable>[2],
  on: TriggerContext,
): readonly string[] | undefined {
  if (constraint?.references === undefined) return undefined;
  if (constraint.references === 'self') return on.path;
  const table = targetTable(constraint.references, on, where);
  return table === undefined ? undefined : relationPath(table);
}

const order = ['insert', 'update', 'delete', 'truncate'] as const;

function attributesOf(input: TriggerInput): Omit<TriggerAttributes, 'function' | 'condition' | 'constraint'> {
  return {
    timing: input.when,
    events: order.filter((event) => input.on.includes(event)),
    updateOf: input.updateOf ?? [],
    level: input.forEach ?? 'row',
    arguments: input.args ?? [],
    ...present({ oldTable: input.oldTable, newTable: input.newTable }),
    enabled: input.enabled ?? 'origin',
  };
}

interface Fault {
  readonly message: string;
  readonly hint: string;
}

/** What CREATE TRIGGER (manual) does not allow together. */
function faults(input: TriggerInput, on: TriggerContext): readonly Fault[] {
  const isRow = (input.forEach ?? 'row') === 'row';
  const has = (event: TriggerInput['on'][number]): boolean => input.on.includes(event);
  const hasTransition = input.oldTable !== undefined || input.newTable !== undefined;
  const rules: readonly (readonly [broken: boolean, message: string, hint: string])[] = [
    [input.on.length === 0, 'fires on nothing', "write on: ['insert'], ['update'], …"],
    [has('truncate') && isRow, 'fires on truncate, for each row', "write forEach: 'statement': truncating touches no row by itself"],
    [
      on.form === 'table' && input.when === 'instead of',
      'fires instead of what happens to a table',
      "write when: 'before'; views alone have it",
    ],
    [
      on.form === 'view' && input.when !== 'instead of' && isRow,
      `fires ${input.when} a change of a row of a view`,
      "write when: 'instead of', or forEach: 'statement'",
    ],
    [on.form === 'view' && has('truncate'), 'fires on truncate, which a view does not know', 'take it out of on'],
    [input.when === 'instead of' && !isRow, 'fires instead of a whole statement', 'leave forEach out: it fires for each row'],
    [
      input.when === 'instead of' && input.condition !== undefined,
      'fires instead of a change, and has a condition',
      'put the condition into the function',
    ],
    [input.updateOf !== undefined && !has('update'), 'names columns of an update that it does not fire on', "add 'update' to on"],
    [input.updateOf !== undefined && input.when === 'instead of', 'fires instead of an update of some columns', 'leave updateOf out'],
    [hasTransition && input.when !== 'after', 'names transition tables before there are any', "write when: 'after'"],
    [
      hasTransition && (input.on.length > 1 || input.updateOf !== undefined),
      'names transition tables for more than one event, or for some columns',
      'declare a trigger for each event',
    ],
    [
      input.constraint !== undefined && (input.when !== 'after' || !isRow),
      'is a constraint that is not checked after each row',
      "write when: 'after' and leave forEach out",
    ],
    [input.constraint !== undefined && hasTransition, 'is a constraint with transition tables', 'take the transition tables out'],
  ];
  return rules.filter(([broken]) => broken).map(([, message, hint]) => ({ message, hint }));
}

function columnNeeds({ input, what, keys }: Written, on: TriggerContext): readonly Address[] {
  return (input.updateOf ?? []).flatMap((column) => {
    const id = on.columnIds.get(column);
    if (id === undefined && on.form === 'table') {
      on.report({
        code: 'unknown-column',
        message: `${what} names the column "${column}", which the table does not have`,
        hint: `its columns are ${[...on.columnIds.keys()].join(', ')}`,
        at: on.origin,
        keys,
      });
    }
    return id ?? [];
  });
}

/** The function by declaration, or by name where the schema does not declare it. */
function functionOf({ input, what, keys }: Written, on: TriggerContext): { readonly text: string; readonly needs: readonly Address[] } {
  const value = given(input.execute);
  if (wordOf(value) === 'name') return { text: qualifiedName((value as Name).path), needs: [] };
  const declared = value as FunctionDeclaration;
  const routine = on.routines.get(value as Declaration);
  const isTrigger = wordOf(value) === 'function' && declared.definition.returns === 'trigger';
  if (routine !== undefined && isTrigger && routine.arguments.length === 0)
    return { text: qualifiedName(routine.path), needs: [routine.id] };
  const isKnown = routine !== undefined && wordOf(value) === 'function';
  on.report({
    code: isKnown ? 'invalid-trigger' : 'unknown-reference',
    message: isKnown
      ? `${what} executes the function "${declared.name}", which ${isTrigger ? 'takes arguments' : 'does not return a trigger'}`
      : `${what} executes something that is no function that a file of the schema exports`,
    hint: isKnown
      ? "a trigger's function has returns: 'trigger' and no args; what the trigger's own args say is in TG_ARGV"
      : "export it: export const touch = func('touch', { returns: 'trigger', … }), and write execute: () => touch",
    at: on.origin,
    keys,
  });
  return { text: 'unknown', needs: [] };
}

function given(execute: TriggerInput['execute']): unknown {
  try {
    return typeof execute === 'function' ? execute() : execute;
  } catch {
    return undefined;
  }
}
