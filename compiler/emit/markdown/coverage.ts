/**
 * How much of the schema says what it is for: counted over what the team owns, so that a table of
 * another team neither helps nor hurts.
 */
import type { NoteNode } from '../../model/document.ts';
import { type Catalogue } from '../catalogue.ts';

/** A grant says what it is by itself, and PostgreSQL has no comment on one. */
const canHaveDoc = (note: NoteNode): boolean => note.topic === undefined;

export interface Coverage {
  readonly documented: number;
  readonly all: number;
}

/** Counts tables, columns, keys, indexes, references and types that have a doc. */
export function coverageOf(catalogue: Catalogue): Coverage {
  const own = catalogue.tables.filter((table) => table.form !== 'external table');
  const things: readonly { readonly doc?: string }[] = [
    ...own,
    ...own.flatMap((table) => [
      ...catalogue.columns(table.id),
      ...catalogue.keys(table.id),
      ...catalogue.edgesFrom(table.id),
      ...catalogue.notes(table.id).filter(canHaveDoc),
    ]),
    ...catalogue.enumerations,
    ...catalogue.looseNotes.filter(canHaveDoc),
  ];
  return { documented: things.filter((thing) => (thing.doc ?? '').trim() !== '').length, all: things.length };
}

/** `Documented: 41 of 45 (91 %).` Rounded down, so that 100 % means all. */
export function coverageLine(catalogue: Catalogue): string {
  const { documented, all } = coverageOf(catalogue);
  return all === 0
    ? ''
    : `Documented: ${documented} of ${all} tables, columns, keys, references, rules and types (${Math.floor((100 * documented) / all)} %).`;
}
