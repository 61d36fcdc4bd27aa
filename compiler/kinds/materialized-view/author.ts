/** A materialized view as source, its indexes with it. */
import { callNode, valueNode } from '../../model/source.ts';
import { declarationOf, literalOf, schemaField, type Author } from '../author.ts';
import { storageNode } from '../column-source.ts';
import type { MaterializedView } from './object.ts';

export const materializedViewAuthor: Author<MaterializedView> = {
  writes: 'declaration',
  inSql: 'name',
  author: (view, context) => {
    const own = {
      doc: undefined,
      schema: schemaField(view),
      query: context.sql(view.attributes.query, view.dependsOn),
      indexes: undefined,
      storageParameters: storageNode(view.attributes.storageParameters),
    };
    const value = callNode('materializedView', valueNode(view.path[1] ?? ''), literalOf(own, context.fields(view.id)));
    return [declarationOf(view, 'view', 'own', value)];
  },
};
