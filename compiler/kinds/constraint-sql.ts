/** What every constraint of a table does the same way: being dropped, renamed, validated. */
import { pathText } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import { statement, type Hazard, type Statement } from '../model/statement.ts';
import { quoteName } from '../sql/quote.ts';
import { lock, relationName, tableOf } from './statements.ts';

/** `also` names other tables that the drop locks: the referenced one of a foreign key (rule book F4). */
export function dropConstraint(constraint: SchemaObject, definition: string, also: readonly string[] = []): Statement {
  return statement({
    sql: `ALTER TABLE ${relationName(constraint)} DROP CONSTRAINT ${quoteName(constraint.path[2] ?? '')}`,
    purpose: `Drop ${constraint.kind.replaceAll('-', ' ')} ${constraint.path[2]} of ${pathText(constraint.path.slice(0, 2))}.`,
    subject: constraint.id,
    destroys: [constraint.id],
    locks: lock('AccessExclusiveLock', tableOf(constraint), ...also),
    probe: `absent ${constraint.id}`,
    reverse: `ALTER TABLE ${relationName(constraint)} ADD ${definition}`,
  });
}

export function renameConstraint(before: SchemaObject, after: SchemaObject): readonly Statement[] {
  const rename = (from: string, to: string): string =>
    `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(from)} TO ${quoteName(to)}`;
  return [
    statement({
      sql: rename(before.path[2] ?? '', after.path[2] ?? ''),
      purpose: `Rename ${after.kind.replaceAll('-', ' ')} ${before.path[2]} of ${pathText(after.path.slice(0, 2))} to ${after.path[2]}.`,
      subject: after.id,
      locks: lock('AccessExclusiveLock', after.partOf),
      reverse: rename(after.path[2] ?? '', before.path[2] ?? ''),
    }),
  ];
}

/** The second half of a constraint added NOT VALID: existing rows are read, nobody waits (rule book K1, F1). */
export function validateConstraint(
  constraint: SchemaObject,
  name: string,
  hazards: readonly Hazard[],
  reads: readonly string[] = [],
): Statement {
  const table = tableOf(constraint);
  return statement({
    sql: `ALTER TABLE ${relationName(constraint)} VALIDATE CONSTRAINT ${quoteName(name)}`,
    purpose: `Check the existing rows of ${pathText(constraint.path.slice(0, 2))} against ${name}; reads and writes go on.`,
    subject: constraint.id,
    step: 'validate',
    needs: constraint.dependsOn,
    makes: [constraint.id],
    locks: [...lock('ShareUpdateExclusiveLock', table), ...lock('RowShareLock', ...reads.filter((other) => other !== table))],
    scans: [table],
    hazards,
    probe: `valid ${constraint.id}`,
  });
}
