/** One file of schema/ as text: what it imports, sorted, then its declarations with a line between them. */
import { posix } from 'node:path';
import type { Address } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import type { SourceNode } from '../model/source.ts';
import { reaches } from './circles.ts';
import { mentions, type PlacedFile } from './place.ts';
import { printDeclaration, printImport, type Naming } from './print.ts';

export interface FileContext {
  readonly fileOf: ReadonlyMap<Address, string>;
  readonly identifiers: ReadonlyMap<Address, string>;
  /** Arrows, from object to object, that must say their type. */
  readonly circular: ReadonlyMap<Address, ReadonlySet<Address>>;
  /** The files that each file imports. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** A statement before the declarations, with the words of the language that it uses. */
export interface Preface {
  readonly text: string;
  readonly words: readonly string[];
}

export function printFile(file: PlacedFile, context: FileContext, preface?: Preface): string {
  const texts = file.declarations.map(({ object, value }, place) =>
    printDeclaration(context.identifiers.get(object) ?? '', value, namingIn(file, object, place, context)),
  );
  const words = new Set([...(preface?.words ?? []), ...file.declarations.flatMap(({ value }) => wordsOf(value))]);
  const usesAnyTable = file.declarations.some(({ object, value }) =>
    mentions(value).some(({ id, how }) => how === 'later' && context.circular.get(object)?.has(id) === true),
  );
  const imports = [
    printImport([...words].sort(compareText), 'schemac', 'values'),
    ...(usesAnyTable ? [printImport(['AnyTable'], 'schemac', 'types')] : []),
    ...localImports(file, context),
  ];
  return [imports.join(''), ...(preface === undefined ? [] : [preface.text]), ...texts].join('\n');
}

/** In SQL what comes further down, or stands in a file that imports this one too, is asked for later. */
function namingIn({ path, declarations }: PlacedFile, object: Address, place: number, context: FileContext): Naming {
  const earlier = new Set(declarations.slice(0, place).map((each) => each.object));
  const next = (file: string): readonly string[] => context.imports.get(file) ?? [];
  return {
    identifier: (id) => context.identifiers.get(id) ?? '',
    isCircular: (id) => context.circular.get(object)?.has(id) === true,
    isLater: (id) => {
      const file = context.fileOf.get(id) ?? path;
      return file === path ? !earlier.has(id) : reaches(file, path, next);
    },
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
