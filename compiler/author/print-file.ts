/** One file of schema/ as text: what it imports, sorted, then its declarations with a line between them. */
import { posix } from 'node:path';
import type { Address } from '../model/address.ts';
import type { DeclarationPiece } from '../kinds/author.ts';
import { compareText } from '../model/object.ts';
import type { SourceNode } from '../model/source.ts';
import { mentions, type PlacedFile } from './place.ts';
import { arrowTypes, printDeclaration, printImport, type Naming } from './print.ts';

export interface FileContext {
  readonly fileOf: ReadonlyMap<Address, string>;
  readonly identifiers: ReadonlyMap<Address, string>;
  /** Arrows, from object to object, that must say their type. */
  readonly circular: ReadonlyMap<Address, ReadonlySet<Address>>;
  /** Whether, where one object is declared, another may not have been evaluated yet. */
  readonly isLater: (from: Address, to: Address) => boolean;
}

/** A statement before the declarations, with the words of the language that it uses. */
export interface Preface {
  readonly text: string;
  readonly words: readonly string[];
}

export function printFile(file: PlacedFile, context: FileContext, preface?: Preface): string {
  const texts = file.declarations.map(({ object, value }) =>
    printDeclaration(context.identifiers.get(object) ?? '', value, namingOf(object, context)),
  );
  const words = new Set([...(preface?.words ?? []), ...file.declarations.flatMap(({ value }) => wordsOf(value))]);
  const types = new Set(file.declarations.flatMap((piece) => typesSaid(piece, context)));
  const imports = [
    printImport([...words].sort(compareText), 'schemac', 'values'),
    ...(types.size > 0 ? [printImport([...types].sort(compareText), 'schemac', 'types')] : []),
    ...localImports(file, context),
  ];
  return [imports.join(''), ...(preface === undefined ? [] : [preface.text]), ...texts].join('\n');
}

/** The types that stand at the arrows of a declaration. */
function typesSaid({ object, value }: DeclarationPiece, { circular, isLater }: FileContext): readonly string[] {
  return mentions(value).flatMap(({ id, how }) => {
    if (circular.get(object)?.has(id) !== true) return [];
    if (how === 'later') return [arrowTypes.toTable];
    return how === 'in sql' && isLater(object, id) ? [arrowTypes.inSql] : [];
  });
}

function namingOf(object: Address, { identifiers, circular, isLater }: FileContext): Naming {
  return {
    identifier: (id) => identifiers.get(id) ?? '',
    isCircular: (id) => circular.get(object)?.has(id) === true,
    isLater: (id) => isLater(object, id),
  };
}

function localImports({ path, declarations }: PlacedFile, { fileOf, identifiers }: FileContext): readonly string[] {
  const names = new Map<string, Set<string>>();
  for (const { id } of declarations.flatMap(({ value }) => mentions(value))) {
    const file = fileOf.get(id);
    if (file === undefined || file === path) continue;
    const relative = posix.relative(posix.dirname(path), file);
    const from = relative.startsWith('.') ? relative : `./${relative}`;
    names.set(from, (names.get(from) ?? new Set()).add(identifiers.get(id) ?? ''));
  }
  return [...names]
    .sort(([left], [right]) => compareText(left, right))
    .map(([from, imported]) => printImport([...imported].sort(compareText), from, 'values'));
}

/** The words of the schema language in a node. */
function wordsOf(node: SourceNode): readonly string[] {
  switch (node.node) {
    case 'sql':
      return ['sql'];
    case 'object':
      return node.entries.flatMap(({ value }) => wordsOf(value));
    case 'array':
      return node.items.flatMap(wordsOf);
    case 'call':
      return [...(typeof node.callee === 'string' ? [node.callee] : wordsOf(node.callee)), ...node.arguments.flatMap(wordsOf)];
    case 'value':
    case 'declared':
    case 'arrow':
      return [];
  }
}
