/** A declared extension becomes an object; it needs the schema that holds it, when that is declared. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Extension, ExtensionAttributes } from './object.ts';

export interface ExtensionDeclaration extends ExtensionAttributes {
  readonly name: string;
  readonly needs: readonly Address[];
}

export function declareExtension({ name, needs, ...attributes }: ExtensionDeclaration): Extension {
  const id = address('extension', name);
  return { kind: 'extension', id, path: [name], attributes, dependsOn: dependencyList(needs, id) };
}
