/**
 * How an enum is made, dropped and altered. A label is added in a statement of its own, since it
 * cannot be used in the transaction that adds it (55P04); how one is taken away is remake.ts.
 */
import { pathText, type Address } from '../../model/address.ts';
import type { State } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { hazard } from '../statements.ts';
import type { PlanContext } from '../contract.ts';
import type { Enum } from './object.ts';
import { remakeEnum } from './remake.ts';

export function createEnum(object: Enum): readonly Statement[] {
  const name = qualifiedName(object.path);
  return [
    statement({
      sql: `CREATE TYPE ${name} AS ENUM (${object.attributes.values.map(quoteText).join(', ')})`,
      purpose: `Create enum ${pathText(object.path)}.`,
      subject: object.id,
      needs: object.dependsOn,
      makes: [object.id],
      probe: `present ${object.id}`,
      reverse: `DROP TYPE ${name}`,
    }),
  ];
}

export function dropEnum(object: Enum): readonly Statement[] {
  return [
    statement({
      sql: `DROP TYPE ${qualifiedName(object.path)}`,
      purpose: `Drop enum ${pathText(object.path)}.`,
      subject: object.id,
      destroys: [object.id],
      probe: `absent ${object.id}`,
      reverse: createEnum(object)
        .map(({ sql }) => sql)
        .join(''),
      phase: 'contract',
    }),
  ];
}

/** PostgreSQL adds labels to a type that is in use; to take one away or to move one, a type is made anew. */
export function onlyAddsValues(before: Enum, after: Enum): boolean {
  const old = before.attributes.values;
  const kept = after.attributes.values.filter((value) => old.includes(value));
  return kept.length === old.length && kept.every((value, place) => value === old[place]);
}

export function alterEnumValues(before: Enum, after: Enum, context: PlanContext): readonly Statement[] {
  if (!onlyAddsValues(before, after)) return remakeEnum(before, after, context);
  const old = before.attributes.values;
  return after.attributes.values.flatMap((value, place) => (old.includes(value) ? [] : [addValue(after, value, place)]));
}

function addValue(object: Enum, value: string, place: number): Statement {
  const previous = object.attributes.values[place - 1];
  const next = object.attributes.values[place + 1];
  const where = previous !== undefined ? ` AFTER ${quoteText(previous)}` : next !== undefined ? ` BEFORE ${quoteText(next)}` : '';
  return statement({
    sql: `ALTER TYPE ${qualifiedName(object.path)} ADD VALUE ${quoteText(value)}${where}`,
    purpose: `Add value ${value} to enum ${pathText(object.path)}.`,
    subject: object.id,
    makes: [object.id],
    hazards: [hazard('irreversible', object.id, 'PostgreSQL cannot take an enum value away')],
  });
}

/** A label keeps its number in every row, so that all that has it says the new one at once (manual: ALTER TYPE … RENAME VALUE). */
export function renameValues(object: Enum, formerly: { readonly [now: string]: string }, state: State): readonly Statement[] {
  const { values } = object.attributes;
  const name = qualifiedName(object.path);
  return Object.entries(formerly)
    .filter(([now, old]) => values.includes(old) && !values.includes(now))
    .map(([now, old]) =>
      statement({
        sql: `ALTER TYPE ${name} RENAME VALUE ${quoteText(old)} TO ${quoteText(now)}`,
        purpose: `Rename value ${old} of enum ${pathText(object.path)} to ${now}.`,
        subject: object.id,
        hazards: [hazard('backward-compatibility', object.id, `running code that writes or compares with ${old} fails from now on`)],
        reverse: `ALTER TYPE ${name} RENAME VALUE ${quoteText(now)} TO ${quoteText(old)}`,
        recomputes: usersOf(object.id, state),
      }),
    );
}

/** All that rests on the type, however far: values of it read otherwise. */
function usersOf(id: Address, state: State): readonly Address[] {
  const found = new Set([id]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const object of state.values()) if (object.dependsOn.some((needed) => found.has(needed))) found.add(object.id);
  }
  return [...found];
}

export function renameEnum(before: Enum, after: Enum): readonly Statement[] {
  const moved = before.path[0] !== after.path[0];
  return [
    ...(moved
      ? [
          statement({
            sql: `ALTER TYPE ${qualifiedName(before.path)} SET SCHEMA ${quoteName(after.path[0] ?? '')}`,
            purpose: `Move enum ${pathText(before.path)} to schema ${after.path[0]}.`,
            subject: after.id,
          }),
        ]
      : []),
    ...(before.path[1] === after.path[1]
      ? []
      : [
          statement({
            sql: `ALTER TYPE ${qualifiedName([after.path[0] ?? '', before.path[1] ?? ''])} RENAME TO ${quoteName(after.path[1] ?? '')}`,
            purpose: `Rename enum ${pathText(before.path)} to ${after.path[1]}.`,
            subject: after.id,
          }),
        ]),
  ];
}
