/**
 * `volume(…)` declarations, which usually come from a database's statistics, laid over what stands
 * beside tables and columns: field by field, so that what statistics do not say stays as it was.
 */
import { address, parseAddress, type Address } from '../model/address.ts';
import type { Annotation } from '../model/declared.ts';
import type { SchemaObject } from '../model/object.ts';
import { isMaterializedView, isTable } from '../kinds/guards.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { VolumeDeclaration } from '../dsl/volume.ts';
import { nearest } from './column-types.ts';
import { faultOfValues, volumeNotes } from './compose-volume.ts';
import type { Context } from './context.ts';

/** Lays every `volume(…)` over the annotations. Reports tables and columns that are not declared, and shares that cannot be. */
export function composeMeasured(
  declarations: readonly Declaration[],
  objects: ReadonlyMap<Address, SchemaObject>,
  annotations: Map<Address, Annotation>,
  context: Context,
): void {
  const seen = new Set<Address>();
  const volumes = declarations.filter((each): each is VolumeDeclaration => wordOf(each) === 'volume');
  for (const declared of volumes) {
    const { table, origin } = declared;
    const object = objects.get(table);
    const note = annotations.get(table);
    if (note === undefined || object === undefined || !hasRows(object)) {
      const near = nearest(
        table,
        [...objects.values()].filter(hasRows).map(({ id }) => id),
      );
      context.report({
        code: 'unknown-address',
        message: `a volume is of \`${table}\`, which is not declared`,
        hint: near === undefined ? "name a declared table: volume('table public.digests', { … })" : `did you mean \`${near}\`?`,
        at: origin,
      });
      continue;
    }
    if (seen.has(table)) {
      context.report({ code: 'duplicate-name', message: `there are two volumes of ${table}`, hint: 'keep one of them', at: origin });
      continue;
    }
    seen.add(table);
    overlay(declared, note, annotations, context);
  }
}

function hasRows(object: SchemaObject): boolean {
  return isTable(object) || isMaterializedView(object);
}

function overlay(
  { table, definition, origin }: VolumeDeclaration,
  note: Annotation,
  annotations: Map<Address, Annotation>,
  context: Context,
): void {
  const { expectedRows, volume } = volumeNotes(definition.expectedRows);
  if (expectedRows !== undefined) annotations.set(table, laidOver(note, { expectedRows, volume: { ...note.volume, ...volume } }));
  const path = parseAddress(table)?.path ?? [];
  const isColumn = (name: string): boolean => annotations.has(address('column', ...path, name));
  for (const [name, values] of Object.entries(definition.values ?? {})) {
    const id = address('column', ...path, name);
    const column = annotations.get(id);
    const fault = column === undefined ? undefined : faultOfValues(values, isColumn);
    if (column === undefined) {
      context.report({
        code: 'unknown-column',
        message: `the volume of ${table} names "${name}", which is no column of the table`,
        hint: 'take it out, or run schemac volumes again',
        at: origin,
        keys: ['values', name],
      });
    } else if (fault !== undefined) {
      context.report({
        code: 'impossible-values',
        message: `the values of column "${name}" of ${table} cannot be so: ${fault}`,
        at: origin,
        keys: ['values', name],
      });
    } else annotations.set(id, laidOver(column, { values: { ...column.values, ...values } }));
  }
}

/** The annotation with other figures; its place stays unread until somebody asks for it. */
function laidOver(note: Annotation, figures: Partial<Annotation>): Annotation {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(note), ...Object.getOwnPropertyDescriptors(figures) });
}
