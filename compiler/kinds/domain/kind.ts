/** All that the compiler knows of domains. */
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { domainAuthor } from './author.ts';
import { introspectDomains } from './introspect.ts';
import type { Domain } from './object.ts';
import { createDomain, domainRules, dropDomain } from './statements.ts';

export const domainKind: Kind<Domain> = {
  kind: 'domain',
  introspect: introspectDomains,
  create: createDomain,
  drop: dropDomain,
  alter: domainRules,
  rename: renameObject('DOMAIN', 'no relation'),
  describe: (domain, context) => [
    {
      node: 'enumeration',
      id: domain.id,
      form: 'domain',
      schema: domain.path[0] ?? '',
      name: domain.path[1] ?? '',
      values: [
        `${domain.attributes.type}${domain.attributes.nullable ? '' : ' NOT NULL'}`,
        ...domain.attributes.checks.map((check) => `CHECK (${check.expression})`),
      ],
      ...optional('doc', context.annotation(domain.id).doc),
    },
  ],
  author: domainAuthor,
};
