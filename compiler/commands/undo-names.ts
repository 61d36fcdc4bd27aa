/**
 * What migrations renamed, found without reading their SQL: an object's entry in the catalogs stays
 * the same under another name (pg_class.oid, pg_attribute.attnum). Replays are compared, nothing runs.
 */
import type { Read } from '../introspect/introspect.ts';
import type { CatalogIdentity } from '../kinds/contract.ts';
import { address, parseAddress, type Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { fail } from '../model/diagnostic.ts';
import type { SchemaObject, State } from '../model/object.ts';

/** The addresses that objects have now, by those that they had then; only of what has another one. */
export function formerNames(then: ReadonlyMap<Address, CatalogIdentity>, now: Read, state: State): ReadonlyMap<Address, Address> {
  const names = [...then].flatMap(([id, entry]): readonly (readonly [Address, Address])[] => {
    const found = now.context.resolveOwn(entry);
    const isSameKind = found !== undefined && now.state.get(found)?.kind === state.get(id)?.kind;
    return isSameKind && found !== id ? [[id, found]] : [];
  });
  return new Map(names);
}

/** The address that an object has when its owners have their former names already: they are renamed before their parts. */
export function nameUnderOwners(then: SchemaObject, now: Address): Address {
  const last = parseAddress(now)?.path.at(-1);
  return then.partOf === undefined || last === undefined ? now : address(then.kind, ...then.path.slice(0, -1), last);
}

/** A name that another object has now would first have to be taken from it: planned in one step it would be the wrong one. */
export function refuseExchangedNames(renamed: ReadonlyMap<Address, Address>, before: State): void {
  for (const [then, now] of renamed) {
    if (!before.has(then)) continue;
    fail('undo-names', `${now} was ${then} before, and that is the name of another object now`, {
      subject: now,
      hint: 'take this back by migrations of its own: first one that gives the name free, then one that renames',
    });
  }
}

/** Lookup tables under the names that they and their columns had; `undefined` where they had the same. */
export function tablesAsTheyWere(
  references: readonly ReferenceTable[],
  renamed: ReadonlyMap<Address, Address>,
): readonly ReferenceTable[] | undefined {
  const former = new Map([...renamed].map(([then, now]) => [now, then]));
  const last = (id: Address): string => parseAddress(id)?.path.at(-1) ?? '';
  const columnOf = (table: Address, column: string): string => {
    const found = [...former].find(([now]) => {
      const path = parseAddress(now)?.path ?? [];
      return last(now) === column && path.length === 3 && table === tableOf(path, table);
    });
    return found === undefined ? column : last(found[1]);
  };
  const mapped = references.map((reference) => ({
    ...reference,
    table: former.get(reference.table) ?? reference.table,
    key: reference.key.map((name) => columnOf(reference.table, name)),
    columns: reference.columns.map((name) => columnOf(reference.table, name)),
  }));
  return JSON.stringify(mapped) === JSON.stringify(references) ? undefined : mapped;
}

/** The table of a path of three parts, written as the other table's address is. */
function tableOf(path: readonly string[], table: Address): Address | undefined {
  const parsed = parseAddress(table);
  return parsed?.path[0] === path[0] && parsed?.path[1] === path[1] ? table : undefined;
}
