/**
 * Composite and range types, statistics and publications as TypeScript: what their authors write is
 * loaded and elaborated again, and must be the same objects.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthorContext, DeclarationPiece, FieldPiece, Piece } from '../../compiler/kinds/author.ts';
import { kindOf, kindRank } from '../../compiler/kinds/registry.ts';
import type { State } from '../../compiler/model/object.ts';
import type { SourceNode } from '../../compiler/model/source.ts';
import { constraintName } from '../../compiler/sql/names.ts';
import { qualifiedName } from '../../compiler/sql/quote.ts';
import { openLinter, type Linter } from '../lint/support.ts';

let linter: Linter;
beforeAll(async () => {
  linter = await openLinter();
});
afterAll(() => linter.close());

const identifier = (id: string): string => id.replaceAll(/[^a-z0-9]+/gi, '_');

function printed(node: SourceNode): string {
  switch (node.node) {
    case 'value':
      return JSON.stringify(node.value);
    case 'object':
      return `{ ${node.entries.map(({ key, value }) => `${JSON.stringify(key)}: ${printed(value)}`).join(', ')} }`;
    case 'array':
      return `[${node.items.map(printed).join(', ')}]`;
    case 'call':
      return `${typeof node.callee === 'string' ? node.callee : printed(node.callee)}(${node.arguments.map(printed).join(', ')})`;
    case 'declared':
      return identifier(node.id);
    case 'arrow':
      return `() => ${identifier(node.id)}`;
    case 'sql':
      return `sql\`${node.parts.map((part) => (typeof part === 'string' ? part : `\${${identifier(part.id)}}`)).join('')}\``;
  }
}

function typeIn(state: State, text: string): string | undefined {
  return [...state.values()].find(
    (object) => kindOf(object).author.writes === 'type' && qualifiedName(object.path) === text.replace(/^(?!.*\.)/, 'public.'),
  )?.id;
}

/** Every piece, owners after what goes into them. */
function piecesOf(state: State): readonly Piece[] {
  const pieces: Piece[] = [];
  const context: AuthorContext = {
    state,
    fields: (id) => pieces.filter((piece): piece is FieldPiece => piece.piece === 'field' && piece.into === id),
    typeCalled: (text) => typeIn(state, text),
    typeNode: (text) => {
      const id = typeIn(state, text);
      return id === undefined ? undefined : { node: 'declared', id };
    },
    sql: (text) => ({ node: 'sql', parts: [text] }),
    computedName: constraintName,
    isExternal: () => false,
  };
  const backwards = [...state.values()].map((object, place) => ({ object, place }));
  backwards.sort((left, right) => kindRank(right.object.kind) - kindRank(left.object.kind) || left.place - right.place);
  for (const { object } of backwards) {
    const { author } = kindOf(object);
    if ('author' in author) pieces.push(...author.author(object, context));
  }
  return pieces;
}

function textOf(state: State): string {
  const declarations = piecesOf(state).filter((piece): piece is DeclarationPiece => piece.piece === 'declaration');
  // The order of a state: kinds as they are read, so that what a declaration uses comes before it.
  const places = [...state.keys()];
  const sorted = [...declarations].sort((left, right) => places.indexOf(left.object) - places.indexOf(right.object));
  return sorted.map(({ object, value }) => `export const ${identifier(object)} = ${printed(value)};`).join('\n');
}

const settings = 'export const settings = project({ postgres: 18 });\n';

const schemas: { readonly [title: string]: string } = {
  'composite types': `
    export const place = compositeType('place', { doc: 'P.', attributes: { street: text({ doc: 'S.', collation: 'C' }), "a b": integer(), tags: arrayOf(varchar({ length: 3 })) } });
    export const visit = compositeType('visit', { attributes: { at: ofType(place) } });
    export const t = table('t', { columns: { home: ofType(place, { doc: 'H.' }), others: arrayOf(ofType(visit), { nullable: true }) } });`,
  'range types': `
    export const spans = rangeType('span', { subtype: integer(), doc: 'S.' });
    export const words = rangeType('words', { subtype: text(), operatorClass: 'text_pattern_ops', collation: 'C', multirange: 'many' });
    export const prices = rangeType('price_range', { subtype: numeric(), subtypeDiff: sql\`numrange_subdiff\` });
    export const t = table('t', { columns: { a: ofType(spans), b: ofType(words), c: ofType(prices) } });`,
  statistics: `
    export const t = table('t', { columns: { a: integer(), b: integer(), c: text() }, statistics: {
      t_a_b_stat: { on: ['a', 'b'] }, own: { on: ['c', sql\`a + 1\`], kinds: ['mcv'], target: 10, doc: 'O.' }, one: { on: [sql\`lower(c)\`] } } });`,
  publications: `
    export const other = schema('other');
    export const t = table('t', { columns: { a: integer(), b: integer() }, primaryKey: ['a'] });
    export const u = table('u', { schema: other, columns: { a: integer() } });
    export const feed = publication('feed', { doc: 'F.', tables: [published(() => t, { columns: ['a', 'b'], where: sql\`a > 1\` }), u], operations: ['insert', 'delete'] });
    export const wide = publication('wide', { schemas: [other, 'public'], viaPartitionRoot: true, generatedColumns: 'stored' });
    export const all = publication('all', { allTables: true });`,
};

const plain = (state: State) => [...state.values()].map(({ id, attributes, dependsOn }) => ({ id, attributes, dependsOn }));

it.each(Object.entries(schemas))('%s: what is written is the same schema', async (_title, text) => {
  const { declared, state } = await linter.elaborated(settings + text);
  expect(declared.diagnostics).toEqual([]);
  const written = textOf(state);
  const again = await linter.elaborated(settings + written);
  expect([written, again.declared.diagnostics]).toEqual([written, []]);
  const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);
  expect(plain(again.state).sort(byId)).toEqual(plain(state).sort(byId));
});

it('what the language cannot say is left to its SQL', () => {
  const range = {
    kind: 'range',
    id: 'range public.r',
    path: ['public', 'r'],
    attributes: { subtype: 'integer', canonical: 'public.f' },
    dependsOn: [],
  };
  expect(piecesOf(new Map([[range.id, range]]))).toEqual([
    { piece: 'opaque', object: 'range public.r', because: expect.stringContaining('canonical') },
  ]);
});
