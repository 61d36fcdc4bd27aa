/** All that the compiler knows of publications (manual §29.1). */
import { pathText } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { DescribeContext, Kind } from '../contract.ts';
import { publicationAuthor } from './author.ts';
import { introspectPublications } from './introspect.ts';
import type { Publication } from './object.ts';
import { createPublication, dropPublication, publicationRules, renamePublication } from './statements.ts';

function words(publication: Publication, { state }: DescribeContext): string {
  const { of, schemas, operations, viaPartitionRoot, generatedColumns } = publication.attributes;
  const tables = partsOf(state, publication.id).map((part) => pathText(part.path.slice(1)));
  const what = [
    ...(of === 'all tables' ? ['all tables'] : []),
    ...(schemas.length === 0 ? [] : [`all tables of ${schemas.join(', ')}`]),
    ...tables,
  ];
  return [
    `${operations.join(', ')} of ${what.length === 0 ? 'no table yet' : what.join(', ')}`,
    ...(viaPartitionRoot ? ['partitions as their top table'] : []),
    ...(generatedColumns === undefined ? [] : ['with stored generated columns']),
  ].join('; ');
}

export const publicationKind: Kind<Publication> = {
  kind: 'publication',
  introspect: introspectPublications,
  create: createPublication,
  drop: dropPublication,
  alter: publicationRules,
  rename: renamePublication,
  author: publicationAuthor,
  describe: (publication, context) => [
    {
      node: 'note',
      id: publication.id,
      title: 'publication',
      name: publication.path[0] ?? '',
      definition: words(publication, context),
      ...optional('doc', context.annotation(publication.id).doc),
    },
  ],
};
