/** A declared domain becomes an object; its checks are sorted by name, as the catalog reader gives them. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { compareText, dependencyList } from '../../model/object.ts';
import type { Domain, DomainAttributes } from './object.ts';

export interface DomainDeclaration extends DomainAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareDomain({ path, needs, ...rest }: DomainDeclaration): Domain {
  const id = address('domain', ...path);
  const attributes = { ...rest, checks: [...rest.checks].sort((left, right) => compareText(left.name, right.name)) };
  return { kind: 'domain', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
