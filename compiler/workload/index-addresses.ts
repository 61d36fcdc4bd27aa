/** The addresses of what plans name: tables, indexes, and the constraints whose indexes they are. */
import { isExclusion, isIndex, isMaterializedView, isPrimaryKey, isTable, isUnique } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';

/** Relations of a schema, indexes among them, have one name each. */
export function addressesOf(objects: readonly SchemaObject[]): (schema: string, name: string) => Address | undefined {
  const known = new Map(
    objects.flatMap((object): readonly (readonly [string, Address])[] => {
      const isRelation = isTable(object) || isMaterializedView(object) || isIndex(object);
      const isKey = isPrimaryKey(object) || isUnique(object) || isExclusion(object);
      return isRelation || isKey ? [[`${object.path[0] ?? ''} ${object.path.at(-1) ?? ''}`, object.id]] : [];
    }),
  );
  return (schema, name) => known.get(`${schema} ${name}`);
}
