/**
 * Which file each declaration stands in, and in which order: one file for a table or view, named after
 * it, in a folder of its schema; types with the one table that uses them, or in types.ts.
 */
import type { Address } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import type { SourceNode } from '../model/source.ts';
import type { DeclarationPiece } from '../kinds/author.ts';
import { kebabCase, uniqueNames } from './names.ts';

/** Files that hold what belongs to no single table; no table gets their names, whether they are there or not. */
function sharedFiles(declarations: readonly DeclarationPiece[]): readonly string[] {
  return [
    'project',
    'types',
    'opaque',
    ...declarations.flatMap(({ home }) => (typeof home === 'object' && 'file' in home ? [home.file] : [])),
  ];
}

export interface PlacedFile {
  /** Relative to the schema folder, with slashes: `sales/customer.ts`. */
  readonly path: string;
  readonly declarations: readonly DeclarationPiece[];
}

/** The declarations that a node names, each with whether it is needed as soon as the node is evaluated. */
export function mentions(node: SourceNode): readonly { readonly id: Address; readonly how: 'at once' | 'later' | 'in sql' }[] {
  switch (node.node) {
    case 'declared':
      return [{ id: node.id, how: 'at once' }];
    case 'arrow':
      return [{ id: node.id, how: 'later' }];
    case 'sql':
      return node.parts.flatMap((part) => (typeof part === 'string' ? [] : [{ id: part.id, how: 'in sql' as const }]));
    case 'object':
      return node.entries.flatMap(({ value }) => mentions(value));
    case 'array':
      return node.items.flatMap(mentions);
    case 'call':
      return [...(typeof node.callee === 'string' ? [] : mentions(node.callee)), ...node.arguments.flatMap(mentions)];
    case 'value':
      return [];
  }
}

/** Where each declaration stands, by its object. */
function filesOf(declarations: readonly DeclarationPiece[]): ReadonlyMap<Address, string> {
  const give = uniqueNames(sharedFiles(declarations));
  const folder = foldersOf(declarations);
  const files = new Map<Address, string>();
  const byName = [...declarations].sort((left, right) => compareText(left.object, right.object));
  for (const each of byName) {
    if (each.home !== 'own') continue;
    const name = `${folder(each.schema)}${kebabCase(each.name, each.noun)}`;
    files.set(each.object, give([name, `${name}-${each.noun}`]));
  }
  const users = usersOf(declarations);
  // A type of a type stands where that one does, which is known first.
  const settle = (each: DeclarationPiece): string => {
    const known = files.get(each.object);
    if (known !== undefined) return known;
    files.set(each.object, homeOf(each));
    if (each.home !== 'users') return files.get(each.object) ?? '';
    const where = new Set((users.get(each.object) ?? []).map(settle));
    const [only] = where;
    if (where.size === 1 && only !== undefined) files.set(each.object, only);
    return files.get(each.object) ?? '';
  };
  const homeOf = ({ home, schema }: DeclarationPiece): string => {
    if (home === 'own' || home === 'users') return `${folder(schema)}types`;
    return 'file' in home ? home.file : (files.get(home.beside) ?? 'opaque');
  };
  for (const each of byName) settle(each);
  return files;
}

/** No folder for `public`, nor where there is but one schema. */
function foldersOf(declarations: readonly DeclarationPiece[]): (schema: string | undefined) => string {
  const schemas = new Set(declarations.flatMap(({ schema, home }) => (home === 'own' && schema !== undefined ? [schema] : [])));
  const give = uniqueNames([]);
  const folders = new Map([...schemas].sort(compareText).map((schema) => [schema, `${give([kebabCase(schema, 'schema')])}/`]));
  return (schema) => (schema === undefined || schema === 'public' || schemas.size === 1 ? '' : (folders.get(schema) ?? ''));
}

function usersOf(declarations: readonly DeclarationPiece[]): ReadonlyMap<Address, readonly DeclarationPiece[]> {
  const users = new Map<Address, DeclarationPiece[]>();
  for (const each of declarations) {
    for (const { id } of mentions(each.value)) {
      const given = users.get(id);
      if (given === undefined) users.set(id, [each]);
      else if (given.at(-1) !== each) given.push(each);
    }
  }
  return users;
}

/** What a declaration needs at once comes before it; otherwise the order is that of the kinds. */
function inOrder(declarations: readonly DeclarationPiece[]): readonly DeclarationPiece[] {
  const here = new Map(declarations.map((each) => [each.object, each]));
  const placed = new Set<DeclarationPiece>();
  const place = (each: DeclarationPiece): void => {
    if (placed.has(each)) return;
    placed.add(each);
    for (const { id, how } of mentions(each.value)) {
      const other = here.get(id);
      if (other !== undefined && how === 'at once') place(other);
    }
    ordered.push(each);
  };
  const ordered: DeclarationPiece[] = [];
  declarations.forEach(place);
  return ordered;
}

/** The files in the order of their paths. */
export function placedFiles(declarations: readonly DeclarationPiece[]): readonly PlacedFile[] {
  const files = filesOf(declarations);
  const groups = new Map<string, DeclarationPiece[]>();
  for (const each of declarations) {
    const path = `${files.get(each.object) ?? 'opaque'}.ts`;
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [each]);
    else group.push(each);
  }
  return [...groups]
    .sort(([left], [right]) => compareText(left, right))
    .map(([path, group]): PlacedFile => ({ path, declarations: inOrder(group) }));
}
