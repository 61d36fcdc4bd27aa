/** Names that break printers which forget to quote: each holds the syntax of some target language. */
import fc from 'fast-check';
import type { DocumentNode } from '../../compiler/model/document.ts';
import { check, column, edge, enumeration, key, table } from './nodes.ts';

export const hostileNames = [
  'plain',
  'With Space',
  'quo"te',
  "apo'strophe",
  'back`tick',
  '```',
  "'''",
  '$$ $body$',
  'semi;colon; DROP TABLE x; --',
  'line\nbreak\r\nand\ttab',
  'back\\slash\\n',
  'per%cent%%{init: {"theme":"dark"}}%%',
  '#35; #quot; &lt; &amp;',
  '<script>alert(1)</script>',
  '| pipe | table |',
  '[link](https://example.org)',
  '![image](x)',
  '*bold* _emphasis_ __strong__ ~~gone~~ `code`',
  '- item',
  '1. item',
  '# heading',
  '日本語テーブル',
  'größe',
  'emoji 😀',
  'right\u202eto\u202cleft',
  'zero\u200bwidth',
  '__proto__',
  'constructor',
  'pk',
  'FK',
  '2024',
  'end',
  'style x:y#z;',
  'classDef x fill:#000;',
  'a.b.c',
  '{ } [ ] ( )',
  ']]:::x',
  ': "x"',
  '@team #123',
  'CON',
  ' leading and trailing ',
  '\u0001control\u007f',
  '\u2028separator\u2029',
  '// comment /* and */',
  'note: x [pk]',
] as const;

/** Any text PostgreSQL would take as a name: not empty, without NUL, well-formed. */
export const hostileName = fc
  .oneof(
    fc.constantFrom(...hostileNames),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'"\'`$;:#%&<>|[](){}\\/*_~-+=.,@ \n\tapkfué1'), minLength: 1, maxLength: 12 }),
  )
  .filter((name) => !name.includes('\0') && !/\p{Cs}/u.test(name));

/** Two tables, an enum, keys, a check and references, with every name and text taken from the list in turn. */
export function hostileNodes(names: readonly string[]): readonly DocumentNode[] {
  const pick = (position: number): string => names[position % names.length] ?? 'x';
  const first = table(pick(0), { doc: pick(1), group: pick(2), owner: pick(3), partition: pick(4) });
  const other = table(`${pick(1)}2`, { schema: pick(5), doc: pick(6), form: 'external table' });
  const kinds = enumeration(pick(7), [pick(8), `${pick(9)}2`], { doc: pick(0) });
  return [
    kinds,
    first,
    column(first, pick(2), pick(3), { doc: pick(4), value: pick(5), pii: pick(6) }),
    column(first, `${pick(3)}2`, 'bigint', { nullable: true }),
    column(first, `${pick(4)}3`, kinds.name, { enumeration: kinds.id }),
    key(first, 'primary key', pick(7), [], { on: [{ column: pick(2), text: pick(2) }], doc: pick(8) }),
    key(first, 'index', `${pick(8)}i`, [], { on: [{ text: pick(9) }], where: pick(1), definition: pick(2) }),
    check(first, pick(9), pick(0), pick(1)),
    other,
    column(other, pick(0), 'bigint'),
    edge(first, [pick(2)], other, [pick(0)], { name: pick(3), doc: pick(4) }),
    edge(first, [`${pick(3)}2`], other, [pick(0)], { form: 'soft reference', optional: true, name: `${pick(5)}s`, id: `soft ${pick(6)}` }),
  ];
}

/** One document for each name of the list, that name standing everywhere in turn with its neighbours. */
export const hostileDocuments = hostileNames.map((_name, position) =>
  hostileNodes([...hostileNames.slice(position), ...hostileNames.slice(0, position)]),
);
