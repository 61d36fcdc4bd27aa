/** A domain as source: `domain('email_address', { type: text(), checks: { … } })`. */
import { callNode, objectNode, valueNode, type ObjectNode } from '../../model/source.ts';
import { withoutBrackets } from '../../sql/list.ts';
import { declarationOf, literalOf, schemaField, type Author, type AuthorContext } from '../author.ts';
import { collationNode, columnCall } from '../column-source.ts';
import { defaultNode } from '../default-source.ts';
import type { Domain } from './object.ts';

function checksNode({ attributes, dependsOn }: Domain, context: AuthorContext): ObjectNode | undefined {
  const entries = attributes.checks.map(({ name, expression }) => ({
    key: name,
    value: context.sql(withoutBrackets(expression), dependsOn),
  }));
  return entries.length === 0 ? undefined : { node: 'object', isList: true, entries };
}

export const domainAuthor: Author<Domain> = {
  writes: 'type',
  inSql: 'name',
  author: (domain, context) => {
    const { type, nullable, collation, default: given } = domain.attributes;
    const own = {
      doc: undefined,
      schema: schemaField(domain),
      type: columnCall(type, objectNode({}), context),
      nullable: nullable ? undefined : valueNode(false),
      collation: collationNode(collation),
      default: given === undefined ? undefined : defaultNode(given, type, domain.dependsOn, context),
      checks: checksNode(domain, context),
    };
    const value = callNode('domain', valueNode(domain.path[1] ?? ''), literalOf(own, context.fields(domain.id)));
    return [declarationOf(domain, 'type', 'users', value)];
  },
};
