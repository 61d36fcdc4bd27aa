/** A declared publication becomes an object; the tables that it lists are objects of their own. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { compareText, dependencyList } from '../../model/object.ts';
import type { Operation, Publication, PublicationAttributes } from './object.ts';

export interface PublicationDeclaration extends PublicationAttributes {
  readonly name: string;
  readonly needs: readonly Address[];
}

export const operations: readonly Operation[] = ['insert', 'update', 'delete', 'truncate'];

export function declarePublication({ name, needs, ...rest }: PublicationDeclaration): Publication {
  const id = address('publication', name);
  const attributes = {
    ...rest,
    schemas: [...rest.schemas].sort(compareText),
    operations: operations.filter((each) => rest.operations.includes(each)),
  };
  return { kind: 'publication', id, path: [name], attributes, dependsOn: dependencyList(needs, id) };
}
