/**
 * A state becomes the files of schema/: every object authored by its kind, what no kind can say left
 * opaque, all of it placed, named, imported and printed. The same state gives the same bytes.
 */
import type { Address } from '../model/address.ts';
import { withOwners, type State } from '../model/object.ts';
import { arrayNode, callNode, objectNode, valueNode, type SourceNode } from '../model/source.ts';
import type { DeclarationPiece } from '../kinds/author.ts';
import { circularEdges, reaches, type TypeEdge } from './circles.ts';
import { identifiersOf } from './names.ts';
import { opaqueDeclaration } from './opaque.ts';
import { piecesOf } from './pieces.ts';
import { mentions, placedFiles, type PlacedFile } from './place.ts';
import { printFile, type FileContext } from './print-file.ts';
import { printDefault } from './print.ts';

export interface AuthorRequest {
  readonly state: State;
  /** The server's major version. */
  readonly major: number;
  readonly title: string;
  readonly schemas: readonly string[];
  /** Tables of other teams. */
  readonly externals: ReadonlySet<Address>;
}

export interface AuthoredSchema {
  /** Paths relative to the schema folder, and texts. */
  readonly files: ReadonlyMap<string, string>;
  /** What was declared as opaque, and why. */
  readonly opaque: readonly { readonly object: Address; readonly because: string }[];
  /** Names that TypeScript could not hold as they are: the object and the identifier that it got. */
  readonly renamed: readonly { readonly object: Address; readonly identifier: string }[];
}

export function authorSchema(request: AuthorRequest): AuthoredSchema {
  const { state, major } = request;
  const { declarations, opaque } = piecesOf(state, request.externals);
  const declared = new Set(declarations.map(({ object }) => object));
  const declaredRoot = (id: Address): Address | undefined => withOwners(id, state).find((each) => declared.has(each));
  const all = [...declarations, ...opaque.map((piece) => opaqueDeclaration(piece, state, major, declaredRoot))];
  const identifiers = identifiersOf(all);
  const files = placedFiles(all);
  return {
    files: printed(files, all, identifiers, request),
    opaque: opaque.map(({ object, because }) => ({ object, because })),
    renamed: all.flatMap((piece) => renaming(piece, identifiers)),
  };
}

/** An identifier that a reader would not guess from the name: the letters alone are not the same. */
function renaming({ object, name }: DeclarationPiece, identifiers: ReadonlyMap<Address, string>): AuthoredSchema['renamed'] {
  const identifier = identifiers.get(object) ?? '';
  const letters = (text: string): string =>
    text
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
      .toLowerCase();
  return letters(identifier) === letters(name) ? [] : [{ object, identifier }];
}

function printed(
  files: readonly PlacedFile[],
  all: readonly DeclarationPiece[],
  identifiers: ReadonlyMap<Address, string>,
  request: AuthorRequest,
): ReadonlyMap<string, string> {
  const isLater = evaluatedLater(files);
  const circular = circularEdges(all.flatMap((piece) => typeEdges(piece, isLater)));
  const context = { fileOf: fileOfEach(files), identifiers, circular, isLater };
  const project = files.find(({ path }) => path === 'project.ts') ?? { path: 'project.ts', declarations: [] };
  const texts = new Map([project, ...files.filter((each) => each !== project)].map((file) => [file.path, printFile(file, context)]));
  return texts.set('project.ts', printFile(project, context, settings(request)));
}

/** What a declaration's type is inferred from; where it asks for it by a function, that can say its type. */
function typeEdges({ object, value }: DeclarationPiece, isLater: FileContext['isLater']): readonly TypeEdge[] {
  return mentions(value)
    .filter(({ id }) => id !== object)
    .map(({ id, how }) => ({ from: object, to: id, canSayType: how === 'later' || (how === 'in sql' && isLater(object, id)) }));
}

/** Whether, where one declaration is evaluated, another may not have been: it comes further down, or its file imports the one's. */
function evaluatedLater(files: readonly PlacedFile[]): FileContext['isLater'] {
  const fileOf = fileOfEach(files);
  const place = new Map(files.flatMap(({ declarations }) => declarations.map(({ object }, at) => [object, at] as const)));
  const imports = importsBetween(files);
  return (from, to) => {
    const [file, other] = [fileOf.get(from) ?? '', fileOf.get(to) ?? ''];
    if (file === other || other === '') return (place.get(to) ?? 0) >= (place.get(from) ?? 0);
    return reaches(other, file, (each) => imports.get(each) ?? []);
  };
}

function fileOfEach(files: readonly PlacedFile[]): ReadonlyMap<Address, string> {
  return new Map(files.flatMap(({ path, declarations }) => declarations.map(({ object }) => [object, path] as const)));
}

/** The files that each file imports. */
function importsBetween(files: readonly PlacedFile[]): ReadonlyMap<string, readonly string[]> {
  const fileOf = fileOfEach(files);
  return new Map(
    files.map(({ path, declarations }) => {
      const others = declarations.flatMap(({ value }) => mentions(value)).map(({ id }) => fileOf.get(id) ?? path);
      return [path, [...new Set(others)].filter((other) => other !== path)];
    }),
  );
}

/** `export default project({ … })`: the database's name, its major version and the schemas that it is about. */
function settings({ title, major, schemas }: AuthorRequest): { readonly text: string; readonly words: readonly string[] } {
  const value: SourceNode = callNode('project', {
    ...objectNode({
      title: valueNode(title),
      postgres: valueNode(Math.min(major, 18)),
      manages: objectNode({ schemas: arrayNode(schemas.map(valueNode)) }),
    }),
    isList: true,
  });
  const naming = { identifier: () => '', isCircular: () => false, isLater: () => false };
  return { text: printDefault(value, naming), words: ['project'] };
}
