/**
 * How a sequence is made, dropped and altered (manual: CREATE SEQUENCE; rule book ID5). Ownership is
 * a statement of its own: the column's default needs the sequence, and the sequence needs the column.
 */
import { parseAddress, pathText, type Address } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { AttributeRules, Exchange, PlanContext } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { sequenceOptions } from '../sequence-options.ts';
import { hazard, lock } from '../statements.ts';
import type { Sequence, SequenceAttributes } from './object.ts';

type Option = Exclude<keyof SequenceAttributes, 'ownedBy' | 'persistence'>;

const clauses: { readonly [Name in Option]: (attributes: SequenceAttributes) => string } = {
  type: ({ type }) => `AS ${type}`,
  increment: ({ increment }) => `INCREMENT BY ${increment}`,
  minimum: ({ minimum }) => `MINVALUE ${minimum}`,
  maximum: ({ maximum }) => `MAXVALUE ${maximum}`,
  start: ({ start }) => `START WITH ${start}`,
  cache: ({ cache }) => `CACHE ${cache}`,
  cycle: ({ cycle }) => (cycle ? 'CYCLE' : 'NO CYCLE'),
};
const options = Object.keys(clauses) as readonly Option[];

/** What is the default of the type and the direction is left out, as a person would. */
function createSql(sequence: Sequence): string {
  const { attributes } = sequence;
  const usual = { type: 'bigint', ...sequenceOptions(attributes.type, { increment: BigInt(attributes.increment) }), increment: '1' };
  const written = options.filter((option) => attributes[option] !== usual[option]).map((option) => clauses[option](attributes));
  const unlogged = attributes.persistence === undefined ? '' : 'UNLOGGED ';
  return [`CREATE ${unlogged}SEQUENCE ${qualifiedName(sequence.path)}`, ...written].join(' ');
}

function ownedBySql(sequence: Sequence, column: Address | undefined): string {
  const [schema = '', table = '', name = ''] = column === undefined ? [] : (parseAddress(column)?.path ?? []);
  return `ALTER SEQUENCE ${qualifiedName(sequence.path)} OWNED BY ${column === undefined ? 'NONE' : qualifiedName([schema, table, name])}`;
}

function setOwner(sequence: Sequence, before: Address | undefined): Statement {
  const { ownedBy } = sequence.attributes;
  return statement({
    sql: ownedBySql(sequence, ownedBy),
    purpose:
      ownedBy === undefined
        ? `Let sequence ${pathText(sequence.path)} outlive its column.`
        : `Let sequence ${pathText(sequence.path)} be dropped with ${pathText(parseAddress(ownedBy)?.path ?? [])}.`,
    subject: sequence.id,
    // The old owner must still be there: its drop would take the sequence along.
    needs: [sequence.id, ...[ownedBy, before].filter((id): id is Address => id !== undefined)],
    locks: lock('ShareRowExclusiveLock', sequence.id),
    reverse: ownedBySql(sequence, before),
  });
}

/** The column that owns it is made anew: in between nobody does, since it would go with the old one. */
export function exchangeSequence(before: Sequence, after: Sequence): Exchange {
  const leave = { ...setOwner({ ...before, attributes: withoutOwner(before.attributes) }, undefined), needs: [], destroys: [before.id] };
  const take = { ...setOwner(after, undefined), needs: after.dependsOn, makes: [after.id] };
  return { beside: [], leave: [withoutReverse(leave)], take: [withoutReverse(take)] };
}

function withoutOwner({ ownedBy: _, ...attributes }: SequenceAttributes): SequenceAttributes {
  return attributes;
}

function withoutReverse({ reverse: _, ...step }: Statement): Statement {
  return step;
}

export function createSequence(sequence: Sequence): readonly Statement[] {
  const { ownedBy } = sequence.attributes;
  return [
    statement({
      sql: createSql(sequence),
      purpose: `Create sequence ${pathText(sequence.path)}.`,
      subject: sequence.id,
      needs: sequence.dependsOn.filter((id) => id !== ownedBy && id !== sequence.partOf && !isTableOf(id, ownedBy)),
      makes: [sequence.id],
      probe: `present ${sequence.id}`,
      reverse: `DROP SEQUENCE ${qualifiedName(sequence.path)}`,
    }),
    ...(ownedBy === undefined ? [] : [setOwner(sequence, undefined)]),
  ];
}

function isTableOf(id: Address, column: Address | undefined): boolean {
  const [schema, table] = column === undefined ? [] : (parseAddress(column)?.path ?? []);
  const path = parseAddress(id)?.path ?? [];
  return path.length === 2 && path[0] === schema && path[1] === table;
}

export function dropSequence(sequence: Sequence, context: PlanContext): readonly Statement[] {
  return [
    statement({
      sql: `DROP SEQUENCE ${qualifiedName(sequence.path)}`,
      purpose: `Drop sequence ${pathText(sequence.path)}.`,
      subject: sequence.id,
      destroys: [sequence.id],
      locks: lock('AccessExclusiveLock', sequence.id),
      hazards: [hazard('irreversible', sequence.id, 'the number that it has reached is gone')],
      probe: `absent ${sequence.id}`,
      reverse: createSql(sequence),
      phase: context.after.has(sequence.id) ? 'expand' : 'contract',
    }),
  ];
}

function alterSql(sequence: Sequence, changed: readonly Option[]): string {
  return [`ALTER SEQUENCE ${qualifiedName(sequence.path)}`, ...changed.map((option) => clauses[option](sequence.attributes))].join(' ');
}

/** All options that changed go into one statement, with the first of them: each alone may contradict the others. */
function alterOption(option: Option): (before: Sequence, after: Sequence) => readonly Statement[] {
  return (before, after) => {
    const changed = options.filter((name) => before.attributes[name] !== after.attributes[name]);
    if (changed[0] !== option) return [];
    // ALTER … AS moves a limit that was the old type's own: all limits are written out with it.
    const written = changed.includes('type') ? options : changed;
    return [
      statement({
        sql: alterSql(after, written),
        purpose: `Change ${changed.join(', ')} of sequence ${pathText(after.path)}.`,
        subject: after.id,
        needs: [after.id],
        locks: lock('ShareRowExclusiveLock', after.id),
        reverse: alterSql(before, written),
      }),
    ];
  };
}

/** It goes with its table's SET LOGGED where it is owned; saying it again does nothing (15; manual: ALTER SEQUENCE). */
function setPersistence(sequence: Sequence): Statement {
  const word = sequence.attributes.persistence === undefined ? 'LOGGED' : 'UNLOGGED';
  return statement({
    sql: `ALTER SEQUENCE ${qualifiedName(sequence.path)} SET ${word}`,
    purpose: `Make sequence ${pathText(sequence.path)} ${word.toLowerCase()}.`,
    subject: sequence.id,
    needs: [sequence.id],
    locks: lock('AccessExclusiveLock', sequence.id),
  });
}

export const sequenceRules: AttributeRules<Sequence> = {
  type: { statements: alterOption('type') },
  increment: { statements: alterOption('increment') },
  minimum: { statements: alterOption('minimum') },
  maximum: { statements: alterOption('maximum') },
  start: { statements: alterOption('start') },
  cache: { statements: alterOption('cache') },
  cycle: { statements: alterOption('cycle') },
  persistence: { statements: (_before, after) => [setPersistence(after)] },
  ownedBy: { statements: (before, after) => [setOwner(after, before.attributes.ownedBy)] },
};

/** PostgreSQL moves an owned sequence with its table and refuses to move it alone (0A000). */
export function renameSequence(before: Sequence, after: Sequence): readonly Statement[] {
  const isMovedAlong = before.attributes.ownedBy !== undefined;
  const from = isMovedAlong ? { ...before, path: [after.path[0] ?? '', before.path[1] ?? ''] } : before;
  return renameObject('SEQUENCE', 'a relation')(from, after);
}
