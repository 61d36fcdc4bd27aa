/** A table in a publication as source: one of its `tables`, alone or as `published(() => orders, { columns: […] })`. */
import { address } from '../../model/address.ts';
import { arrowNode, callNode, objectNode, textsNode } from '../../model/source.ts';
import { item, leftOpaque, type Author } from '../author.ts';
import type { PublicationTable } from './object.ts';

export const publicationTableAuthor: Author<PublicationTable> = {
  writes: 'field',
  author: (entry, context) => {
    const [publication = '', schema = '', name = ''] = entry.path;
    const table = address('table', schema, name);
    if (!context.state.has(table)) return leftOpaque(entry, 'it is of one partition alone');
    const { columns, where } = entry.attributes;
    const selection = objectNode({
      columns: columns === undefined ? undefined : textsNode(columns),
      where: where === undefined ? undefined : context.sql(where, entry.dependsOn),
    });
    const value = selection.entries.length === 0 ? arrowNode(table) : callNode('published', arrowNode(table), selection);
    return [item(address('publication', publication), 'tables', value, { name, isComputed: true })];
  },
};
