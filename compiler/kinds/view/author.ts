/** A view as source: `view('active_users', { query: sql`…` })`. Its columns are the query's. */
import { callNode, valueNode } from '../../model/source.ts';
import { declarationOf, leftOpaque, literalOf, schemaField, type Author } from '../author.ts';
import { flagNode } from '../column-source.ts';
import type { View } from './object.ts';

const spoken = new Set(['security_barrier=true', 'security_invoker=true', 'check_option=local', 'check_option=cascaded']);

export const viewAuthor: Author<View> = {
  writes: 'declaration',
  inSql: 'name',
  author: (view, context) => {
    const { query, options } = view.attributes;
    const other = Object.entries(options).find(([name, value]) => !spoken.has(`${name}=${value}`));
    if (other !== undefined) return leftOpaque(view, `the schema language does not have its option ${other.join(' = ')}`);
    const { check_option: checkOption } = options;
    const own = {
      doc: undefined,
      schema: schemaField(view),
      query: context.sql(query, view.dependsOn),
      securityBarrier: flagNode('security_barrier' in options),
      securityInvoker: flagNode('security_invoker' in options),
      checkOption: checkOption === undefined ? undefined : valueNode(checkOption),
    };
    const value = callNode('view', valueNode(view.path[1] ?? ''), literalOf(own, context.fields(view.id)));
    return [declarationOf(view, 'view', 'own', value)];
  },
};
