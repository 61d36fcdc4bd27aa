/** A publication as source: `publication('digests_feed', { tables: [digests] })`; its tables put themselves into it. */
import { address } from '../../model/address.ts';
import { arrayNode, callNode, declaredNode, textsNode, valueNode } from '../../model/source.ts';
import { literalOf, type Author } from '../author.ts';
import { flagNode } from '../column-source.ts';
import type { Publication } from './object.ts';

const allOperations = 4;

export const publicationAuthor: Author<Publication> = {
  writes: 'declaration',
  author: (publication, context) => {
    const { of, schemas, operations, viaPartitionRoot, generatedColumns } = publication.attributes;
    const [name = ''] = publication.path;
    const given = context.fields(publication.id);
    const isEmpty = of !== 'all tables' && schemas.length === 0 && !given.some(({ field }) => field === 'tables');
    const own = {
      doc: undefined,
      allTables: flagNode(of === 'all tables'),
      tables: isEmpty ? arrayNode([]) : undefined,
      schemas:
        schemas.length === 0
          ? undefined
          : arrayNode(schemas.map((schema) => (schema === 'public' ? valueNode(schema) : declaredNode(address('schema', schema))))),
      operations: operations.length === allOperations ? undefined : textsNode(operations),
      viaPartitionRoot: flagNode(viaPartitionRoot),
      generatedColumns: generatedColumns === undefined ? undefined : valueNode(generatedColumns),
    };
    const value = callNode('publication', valueNode(name), literalOf(own, given));
    return [{ piece: 'declaration', object: publication.id, value, name, noun: 'publication', home: { file: 'publications' } }];
  },
};
