/**
 * The contract of `author`: an object becomes pieces of schema/*.ts. What stands in the literal of
 * its owner is a field of that (a column of its table, a comment as `doc` of what it is on); what
 * stands alone is a declaration. Names of files and identifiers are not worked out here.
 */
import { address, type Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import {
  arrayNode,
  declaredNode,
  type DeclaredNode,
  objectNode,
  type Entry,
  type ObjectNode,
  type SourceNode,
  type SqlNode,
} from '../model/source.ts';

/**
 * Where a declaration stands: `own`, a file named after it; `users`, the file of the one that uses it,
 * or `types.ts` where there are several; beside another object's declaration; or in a file with others.
 */
export type Home = 'own' | 'users' | { readonly beside: Address } | { readonly file: string };

/** `export const IDENTIFIER = value`. */
export interface DeclarationPiece {
  readonly piece: 'declaration';
  readonly object: Address;
  readonly value: SourceNode;
  /** What its identifier is made of. */
  readonly name: string;
  /** What an identifier gets at its end where it would mean something else: `table`, `type`. */
  readonly noun: string;
  /** The schema that it lives in, for the file's folder. */
  readonly schema?: string;
  readonly home: Home;
}

/** `field: value` in the literal of another object. */
export interface FieldPiece {
  readonly piece: 'field';
  readonly into: Address;
  readonly field: string;
  readonly value: SourceNode;
  /** Set where the field holds several: this is the one of that name. */
  readonly item?: { readonly name: string; /** Whether the compiler would give it this name by itself. */ readonly isComputed: boolean };
}

/** The schema language cannot say it as it is: it is carried by the SQL that its kind makes and drops it with. */
export interface OpaquePiece {
  readonly piece: 'opaque';
  readonly object: Address;
  /** Why, in words for a report: `it is not validated`. */
  readonly because: string;
}

export type Piece = DeclarationPiece | FieldPiece | OpaquePiece;

/** What an author may ask. */
export interface AuthorContext {
  readonly state: State;
  /** What others put into the literal of this object. Kinds are asked from the registry's end to its beginning, so all of it is there. */
  readonly fields: (id: Address) => readonly FieldPiece[];
  /** The declared type that a column's type text names (`public.mood`), without brackets of an array. */
  readonly typeCalled: (text: string) => Address | undefined;
  /** The same as the source that `ofType` takes; for a type that another declaration brings along, that one's member. */
  readonly typeNode: (text: string) => DeclaredNode | undefined;
  /** SQL text as PostgreSQL prints it, in which the names of what it depends on become interpolations. */
  readonly sql: (text: string, dependsOn: readonly Address[]) => SqlNode;
  /** The name that the compiler gives where none is written: `digests_user_id_fkey`. */
  readonly computedName: (relation: string, parts: readonly string[], label: string) => string;
  /** Whether the table is another team's. */
  readonly isExternal: (id: Address) => boolean;
}

/**
 * How objects of a kind are authored. `type` says that columns may be of it by `ofType`. `opaque`: the
 * schema language has no word for the kind. `nothing`: it is never written, for the reason given.
 */
export type Author<Object extends SchemaObject = SchemaObject> =
  | {
      readonly writes: 'declaration' | 'type' | 'field';
      readonly author: (object: Object, context: AuthorContext) => readonly Piece[];
      /** What the declaration stands for where it is interpolated into SQL: its qualified name, or other text; absent where it cannot be. */
      readonly inSql?: 'name' | ((object: Object) => string);
    }
  /** A type that another object's declaration brings along. */
  | { readonly writes: 'member'; readonly of: (object: Object) => DeclaredNode }
  | { readonly writes: 'opaque'; readonly because: string }
  | { readonly writes: 'nothing'; readonly because: string };

/** A field of one value: `doc`. */
export function field(into: Address, name: string, value: SourceNode): FieldPiece {
  return { piece: 'field', into, field: name, value };
}

/** One of several in a field: a check in `checks`. */
export function item(into: Address, name: string, value: SourceNode, called: NonNullable<FieldPiece['item']>): FieldPiece {
  return { piece: 'field', into, field: name, value, item: called };
}

export function leftOpaque(object: SchemaObject, because: string): readonly Piece[] {
  return [{ piece: 'opaque', object: object.id, because }];
}

/** A declaration of what has a schema and a name, or a name alone. */
export function declarationOf(object: SchemaObject, noun: string, home: Home, value: SourceNode): DeclarationPiece {
  const [first = '', name] = object.path;
  const piece = { piece: 'declaration' as const, object: object.id, value, noun, home };
  return name === undefined ? { ...piece, name: first } : { ...piece, name, schema: first };
}

/**
 * The literal of an object: its own fields and those that others put into it. The order is that of
 * `own`, where a field that only others give stands as undefined; what it does not name comes last.
 */
export function literalOf(own: { readonly [field: string]: SourceNode | undefined }, given: readonly FieldPiece[]): ObjectNode {
  const fields: { [field: string]: SourceNode | undefined } = { ...own };
  for (const name of new Set(given.map((piece) => piece.field))) {
    fields[name] = valueOf(given.filter((piece) => piece.field === name));
  }
  return objectNode(fields);
}

/** Several items become a list where the compiler would name each of them so, otherwise they are keyed by name. */
function valueOf(pieces: readonly FieldPiece[]): SourceNode | undefined {
  const items = pieces.filter((piece) => piece.item !== undefined);
  if (items.length === 0) return pieces[0]?.value;
  if (items.every((piece) => piece.item?.isComputed === true)) return arrayNode(items.map(({ value }) => value));
  return { node: 'object', isList: true, entries: items.map(({ item: called, value }): Entry => ({ key: called?.name ?? '', value })) };
}

/** `schema: sales`, the declaration of the schema that the object lives in; absent for `public`. */
export function schemaField(object: SchemaObject): SourceNode | undefined {
  const [schema = ''] = object.path;
  return schema === 'public' ? undefined : declaredNode(address('schema', schema));
}
