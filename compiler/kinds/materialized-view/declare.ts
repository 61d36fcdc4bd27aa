/** A declared materialized view becomes an object; its indexes are objects of their own. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { MaterializedView, MaterializedViewAttributes } from './object.ts';

export interface MaterializedViewDeclaration extends MaterializedViewAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareMaterializedView({ path, needs, ...attributes }: MaterializedViewDeclaration): MaterializedView {
  const id = address('materialized-view', ...path);
  return { kind: 'materialized-view', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
