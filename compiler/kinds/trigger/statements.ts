/**
 * How a trigger is made, changed, switched and dropped (manual: CREATE TRIGGER, ALTER TABLE). CREATE
 * OR REPLACE (14) takes every change but of constraint triggers, and leaves the trigger enabled.
 */
import { pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { nameList, quoteName, quoteText } from '../../sql/quote.ts';
import type { AttributeRule, AttributeRules } from '../contract.ts';
import { deferralClause, lock, relationName, tableOf } from '../statements.ts';
import { firstDifference } from '../routine.ts';
import type { Trigger, TriggerAttributes } from './object.ts';

function eventsText({ events, updateOf }: TriggerAttributes): string {
  return events
    .map((event) => (event === 'update' && updateOf.length > 0 ? `UPDATE OF ${nameList(updateOf)}` : event.toUpperCase()))
    .join(' OR ');
}

function transitionText({ oldTable, newTable }: TriggerAttributes): string {
  const tables = [
    ...(oldTable === undefined ? [] : [`OLD TABLE AS ${quoteName(oldTable)}`]),
    ...(newTable === undefined ? [] : [`NEW TABLE AS ${quoteName(newTable)}`]),
  ];
  return tables.length === 0 ? '' : ` REFERENCING ${tables.join(' ')}`;
}

function createSql(trigger: Trigger, verb: 'CREATE' | 'CREATE OR REPLACE'): string {
  const { attributes } = trigger;
  const { constraint, timing, level } = attributes;
  const condition = sourceOf(trigger, 'condition');
  const from = constraint?.references === undefined ? '' : ` FROM ${constraint.references}`;
  return [
    `${verb} ${constraint === undefined ? '' : 'CONSTRAINT '}TRIGGER ${quoteName(trigger.path[2] ?? '')}`,
    `${timing.toUpperCase()} ${eventsText(attributes)} ON ${relationName(trigger)}${from}${deferralClause(constraint?.deferral ?? 'not deferrable')}${transitionText(attributes)}`,
    `FOR EACH ${level.toUpperCase()}${condition === undefined ? '' : ` WHEN (${condition})`}`,
    `EXECUTE FUNCTION ${attributes.function}(${attributes.arguments.map((text) => quoteText(text).trim()).join(', ')})`,
  ].join('\n');
}

const switches = {
  origin: 'ENABLE TRIGGER',
  disabled: 'DISABLE TRIGGER',
  replica: 'ENABLE REPLICA TRIGGER',
  always: 'ENABLE ALWAYS TRIGGER',
} as const;

function switchSql(trigger: Trigger, state: TriggerAttributes['enabled']): string {
  return `ALTER TABLE ${relationName(trigger)} ${switches[state]} ${quoteName(trigger.path[2] ?? '')}`;
}

function switchPurpose(trigger: Trigger): string {
  const { enabled } = trigger.attributes;
  const when = { origin: 'fire as usual', disabled: 'rest', replica: 'fire on replicas alone', always: 'fire on replicas too' }[enabled];
  return `Let trigger ${trigger.path[2]} of ${pathText(trigger.path.slice(0, 2))} ${when}.`;
}

/** What a new or replaced trigger is not: enabled in any other way than the usual one. */
function switched(trigger: Trigger): readonly Statement[] {
  const { enabled } = trigger.attributes;
  if (enabled === 'origin') return [];
  return [
    statement({
      sql: switchSql(trigger, enabled),
      purpose: switchPurpose(trigger),
      subject: trigger.id,
      needs: [tableOf(trigger)],
      locks: lock('ShareRowExclusiveLock', tableOf(trigger)),
      reverse: switchSql(trigger, 'origin'),
      atomic: `trigger ${trigger.id}`,
    }),
  ];
}

function dropSql(trigger: Trigger): string {
  return `DROP TRIGGER ${quoteName(trigger.path[2] ?? '')} ON ${relationName(trigger)}`;
}

export function createTrigger(trigger: Trigger): readonly Statement[] {
  const more = switched(trigger);
  return [
    statement({
      sql: createSql(trigger, 'CREATE'),
      purpose: `Create trigger ${trigger.path[2]} on ${pathText(trigger.path.slice(0, 2))}.`,
      subject: trigger.id,
      needs: trigger.dependsOn,
      makes: [trigger.id],
      locks: lock('ShareRowExclusiveLock', tableOf(trigger)),
      reverse: dropSql(trigger),
      ...(more.length === 0 ? {} : { atomic: `trigger ${trigger.id}` }),
    }),
    ...more,
  ];
}

export function dropTrigger(trigger: Trigger): readonly Statement[] {
  return [
    statement({
      sql: dropSql(trigger),
      purpose: `Drop trigger ${trigger.path[2]} of ${pathText(trigger.path.slice(0, 2))}.`,
      subject: trigger.id,
      destroys: [trigger.id],
      locks: lock('AccessExclusiveLock', tableOf(trigger)),
      reverse: createSql(trigger, 'CREATE'),
    }),
  ];
}

/** In one transaction: at no moment is there no trigger, nor one that is enabled and should not be. */
function change(before: Trigger, after: Trigger): readonly Statement[] {
  const atomic = `trigger ${after.id}`;
  const more = switched(after);
  return [
    statement({
      sql: createSql(after, 'CREATE OR REPLACE'),
      purpose: `Change trigger ${after.path[2]} on ${pathText(after.path.slice(0, 2))}.`,
      subject: after.id,
      // It also gives up the function and the columns of the old one, so that they can be dropped afterwards.
      needs: [...after.dependsOn, ...before.dependsOn],
      makes: [after.id],
      locks: lock('ShareRowExclusiveLock', tableOf(after)),
      reverse: createSql(before, 'CREATE OR REPLACE'),
      ...(more.length === 0 ? {} : { atomic }),
    }),
    ...more,
  ];
}

function rule(attribute: keyof TriggerAttributes): AttributeRule<Trigger> {
  return {
    statements: (before, after) => (firstDifference(withoutState(before), withoutState(after)) === attribute ? change(before, after) : []),
    // A constraint trigger takes no OR REPLACE, and neither becomes the other (manual: CREATE TRIGGER).
    replaces: (before, after) => before.attributes.constraint !== undefined || after.attributes.constraint !== undefined,
  };
}

function withoutState(trigger: Trigger): Trigger {
  return { ...trigger, attributes: { ...trigger.attributes, enabled: 'origin' } };
}

function switchState(before: Trigger, after: Trigger): readonly Statement[] {
  if (firstDifference(withoutState(before), withoutState(after)) !== undefined) return [];
  return [
    statement({
      sql: switchSql(after, after.attributes.enabled),
      purpose: switchPurpose(after),
      subject: after.id,
      needs: [tableOf(after)],
      locks: lock('ShareRowExclusiveLock', tableOf(after)),
      reverse: switchSql(before, before.attributes.enabled),
    }),
  ];
}

export const triggerRules: AttributeRules<Trigger> = {
  timing: rule('timing'),
  events: rule('events'),
  updateOf: rule('updateOf'),
  level: rule('level'),
  condition: rule('condition'),
  function: rule('function'),
  arguments: rule('arguments'),
  oldTable: rule('oldTable'),
  newTable: rule('newTable'),
  constraint: rule('constraint'),
  enabled: { statements: switchState },
};

export function renameTrigger(before: Trigger, after: Trigger): readonly Statement[] {
  const [old = '', now = ''] = [before.path[2], after.path[2]];
  const sql = (from: string, to: string): string => `ALTER TRIGGER ${quoteName(from)} ON ${relationName(after)} RENAME TO ${quoteName(to)}`;
  return [
    statement({
      sql: sql(old, now),
      purpose: `Rename trigger ${old} of ${pathText(after.path.slice(0, 2))} to ${now}.`,
      subject: after.id,
      locks: lock('AccessExclusiveLock', tableOf(after)),
      reverse: sql(now, old),
    }),
  ];
}

/** The trigger in words, for documents: `before insert or update of name, for each row`. */
export function triggerWords({ attributes }: Trigger): string {
  const { timing, events, updateOf, level, condition, constraint, enabled } = attributes;
  const named = events.map((event) => (event === 'update' && updateOf.length > 0 ? `update of ${updateOf.join(', ')}` : event));
  return [
    `${timing} ${named.join(' or ')}, for each ${level}`,
    ...(condition === undefined ? [] : [`when ${condition}`]),
    `${attributes.function}(${attributes.arguments.map((text) => quoteText(text).trim()).join(', ')})`,
    ...(constraint === undefined ? [] : [constraint.deferral === 'not deferrable' ? 'constraint' : `constraint, ${constraint.deferral}`]),
    ...(enabled === 'origin' ? [] : [enabled]),
  ].join(', ');
}
