/** An index as source: one of the `indexes` of its table or materialized view. */
import { parseAddress } from '../../model/address.ts';
import { arrayNode, objectNode, valueNode } from '../../model/source.ts';
import { withoutBrackets } from '../../sql/list.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { flagNode, namesNode, storageNode, unlessUsual } from '../column-source.ts';
import { columnNamed, keyNode } from '../key-source.ts';
import { isPartitionPart } from '../statements.ts';
import type { Index } from './object.ts';

export const indexAuthor: Author<Index> = {
  writes: 'field',
  author: (index, context) => {
    if (isPartitionPart(index)) return leftOpaque(index, 'it is on one partition alone');
    if (index.attributes.valid === false) return leftOpaque(index, 'it is invalid');
    const {
      on,
      method,
      unique,
      nullsNotDistinct,
      keys,
      include,
      where,
      storageParameters,
      tablespace,
      statistics,
      clustered,
      replicaIdentity,
    } = index.attributes;
    const own = {
      on: arrayNode(keys.map((key) => keyNode(key, index.dependsOn, context))),
      doc: undefined,
      method: unlessUsual(method, 'btree'),
      unique: flagNode(unique),
      nullsNotDistinct: flagNode(nullsNotDistinct),
      include: namesNode(include),
      where: where === undefined ? undefined : context.sql(withoutBrackets(where), index.dependsOn),
      storageParameters: storageNode(storageParameters),
      tablespace: unlessUsual(tablespace, ''),
      statistics:
        statistics === undefined
          ? undefined
          : objectNode(Object.fromEntries(Object.entries(statistics).map(([place, target]) => [place, valueNode(target)]))),
      clustered: flagNode(clustered === true),
      replicaIdentity: flagNode(replicaIdentity === true),
    };
    const [, name = ''] = index.path;
    const relation = parseAddress(on)?.path[1] ?? '';
    const parts = keys.map((key) => columnNamed(key.text) ?? 'expr');
    // A reference may rest on a unique index, which then is looked for by its name.
    const isComputed = !unique && name === context.computedName(relation, parts, 'idx');
    return [item(on, 'indexes', literalOf(own, context.fields(index.id)), { name, isComputed })];
  },
};
