/** What every object that lives in a schema has in common: a claimed name, the schema that it needs, its notes. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { Group } from '../dsl/words.ts';
import type { RowsInput } from '../dsl/workload.ts';
import { checkSchema, schemaNeeds } from './common-parts.ts';
import type { SchemaContext } from './compose-table.ts';
import { volumeNotes } from './compose-volume.ts';
import { present } from './context.ts';
import type { Notes } from './context.ts';
import { relationPath } from './relation-path.ts';

export interface Placed {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

/** Claims the name in its schema and says what the schema itself needs. */
export function placed(
  declared: Declaration & { readonly name: string },
  word: string,
  namespaces: readonly string[],
  context: SchemaContext,
): Placed {
  const path = relationPath(declared);
  checkSchema(path[0], declared.origin, ['schema'], context);
  context.names.claim({
    namespaces: namespaces.map((each) => `${each} ${path[0]}`),
    name: path[1],
    what: `${word} "${path[1]}"`,
    subject: context.addressOf.get(declared),
    at: declared.origin,
    keys: [],
  } as Parameters<SchemaContext['names']['claim']>[0]);
  return { path, needs: schemaNeeds(path[0]) };
}

export interface Described {
  readonly doc?: string;
  readonly renamedFrom?: string;
  readonly group?: string | Group;
  readonly owner?: string;
  readonly expectedRows?: RowsInput;
  readonly suppress?: { readonly [code: string]: string };
}

/** What a declaration says of itself; its former name becomes a former address in the same schema. */
export function notesOf(kind: string, path: readonly [string, string], definition: Described): Notes {
  const { doc, renamedFrom, group, owner, expectedRows, suppress } = definition;
  return present({
    doc,
    renamedFrom: renamedFrom === undefined ? undefined : address(kind, path[0], renamedFrom),
    group: typeof group === 'object' ? group.name : group,
    owner,
    ...volumeNotes(expectedRows),
    suppress,
  });
}
