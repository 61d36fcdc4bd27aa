/**
 * The address of everything declared, found by the declaration itself: what references resolve to.
 * Routines are missing: their addresses hold types, which are references themselves.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { BoundColumn } from '../dsl/column.ts';
import { relationPath } from './relation-path.ts';

/** Addresses by declaration; columns as they are bound in their relation. */
export function addressesOf(declarations: readonly Declaration[]): Map<Declaration, Address> {
  const addresses = new Map<Declaration, Address>();
  for (const declaration of declarations) {
    const id = ownAddress(declaration);
    if (id === undefined) continue;
    addresses.set(declaration, id);
    const { multirange } = declaration as { readonly multirange?: unknown };
    if (wordOf(multirange) === 'multirange') {
      addresses.set(multirange as Declaration, address('multirange', ...relationPath(multirange as Declaration)));
    }
    const { columnList } = declaration as { readonly columnList?: readonly BoundColumn[] };
    // PostgreSQL has no object for a view's column that we know of: what needs one needs the view.
    const isTable = wordOf(declaration) === 'table';
    for (const column of columnList ?? []) {
      addresses.set(column, isTable ? address('column', ...relationPath(declaration), column.name) : id);
    }
  }
  return addresses;
}

const inSchema: { readonly [word: string]: string } = {
  table: 'table',
  view: 'view',
  'materialized view': 'materialized-view',
  enum: 'enum',
  domain: 'domain',
  composite: 'composite',
  'range type': 'range',
  sequence: 'sequence',
};
const alone: { readonly [word: string]: string } = {
  schema: 'schema',
  extension: 'extension',
  opaque: 'opaque',
  publication: 'publication',
};

function ownAddress(declaration: Declaration): Address | undefined {
  const word = wordOf(declaration) ?? '';
  const kind = inSchema[word];
  if (kind !== undefined) return address(kind, ...relationPath(declaration));
  const single = alone[word];
  return single === undefined ? undefined : address(single, (declaration as unknown as { readonly name: string }).name);
}
