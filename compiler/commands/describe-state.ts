/**
 * Objects become document nodes: each kind describes its own, in the order in which the schema
 * declares them, so that documents read as their writer wrote them.
 */
import type { Address } from '../model/address.ts';
import type { Annotation, SoftReference } from '../model/declared.ts';
import type { DocumentNode } from '../model/document.ts';
import { compareText, partsOf, type State } from '../model/object.ts';
import { kindOf } from '../kinds/registry.ts';

export interface Described {
  readonly state: State;
  /** Ids in the order of declaration; what is not among them comes last. */
  readonly order: readonly Address[];
  readonly annotation: (id: Address) => Annotation;
  readonly softReferences: readonly SoftReference[];
}

export function describeState(described: Described): readonly DocumentNode[] {
  const { state, order, annotation, softReferences } = described;
  const place = new Map(order.map((id, position) => [id, position]));
  const ranked = [...state.values()].map((object) => ({ object, rank: place.get(object.id) ?? order.length }));
  ranked.sort((left, right) => left.rank - right.rank || compareText(left.object.id, right.object.id));
  return [
    ...ranked.flatMap(({ object }) => kindOf(object).describe(object, { state, annotation })),
    ...softReferences.flatMap((reference) => softEdge(reference, state)),
  ];
}

/** A soft reference is drawn as a foreign key is, dashed; either end may have gone in an older state. */
function softEdge(reference: SoftReference, state: State): readonly DocumentNode[] {
  if (!state.has(reference.from) || !state.has(reference.to)) return [];
  const nullable = reference.fromColumns.some((column) =>
    partsOf(state, reference.from).some(
      (part) => part.path.at(-1) === column && (part.attributes as { readonly nullable?: boolean }).nullable === true,
    ),
  );
  return [
    {
      node: 'edge',
      id: reference.id,
      form: 'soft reference',
      name: reference.fromColumns.join(', '),
      from: reference.from,
      fromColumns: reference.fromColumns,
      to: reference.to,
      toColumns: reference.toColumns,
      cardinality: 'many',
      optional: nullable,
      ...(reference.doc === undefined ? {} : { doc: reference.doc }),
    },
  ];
}
