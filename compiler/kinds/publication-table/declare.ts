/** A table in a declared publication becomes an object, part of the publication. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { compareText, dependencyList } from '../../model/object.ts';
import type { PublicationTable, PublicationTableAttributes } from './object.ts';

export interface PublicationTableDeclaration extends PublicationTableAttributes {
  readonly publication: Address;
  readonly table: Address;
  readonly path: readonly [publication: string, schema: string, table: string];
  readonly needs: readonly Address[];
}

export function declarePublicationTable(declared: PublicationTableDeclaration): PublicationTable {
  const { publication, table, path, needs, columns, ...rest } = declared;
  const id = address('publication-table', ...path);
  const attributes = { ...(columns === undefined ? {} : { columns: [...columns].sort(compareText) }), ...rest };
  const dependsOn = dependencyList([publication, table, ...needs], id);
  return { kind: 'publication-table', id, path, attributes, dependsOn, partOf: publication };
}
