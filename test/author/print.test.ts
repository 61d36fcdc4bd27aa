/**
 * The printer against prettier itself: whatever nodes it prints, with hostile texts, names of every
 * script and lengths around the end of the line, prettier has nothing to change. The seed is in the name.
 */
import fc from 'fast-check';
import prettier from 'prettier';
import { expect, it } from 'vitest';
import { printDeclaration, printImport, type Naming } from '../../compiler/author/print.ts';
import type { SourceNode } from '../../compiler/model/source.ts';

const naming: Naming = {
  identifier: (id) => (id === 'table a' ? 'users' : 'aLongerIdentifierOfATable'),
  isCircular: (id) => id === 'table b',
  isLater: (id) => id === 'table b',
};

const text = fc.oneof(
  fc.constantFrom(
    '',
    "it's",
    '"q"',
    `'a' "b" 'c'`,
    'a\nb',
    'back\\slash `tick` ${x}',
    'größe',
    '日本語',
    '😀',
    '__proto__',
    '2024',
    'select',
    '\u2028\u0000\r',
  ),
  fc.integer({ min: 1, max: 170 }).map((length) => 'lorem ipsum '.repeat(20).slice(0, length).trim()),
);
/** Names end at 63 bytes in PostgreSQL, and so do keys. */
const name = text.map((any) => any.slice(0, 63));
const declared = fc.constantFrom('table a', 'table b').map((id) => ({ node: 'declared', id }) as const);
const leaf: fc.Arbitrary<SourceNode> = fc.oneof(
  fc
    .oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
    .map((value) => ({ node: 'value', value }) as const),
  declared,
  declared.map(({ id }) => ({ node: 'arrow', id }) as const),
  fc.array(fc.oneof(text, declared), { minLength: 1, maxLength: 3 }).map((parts) => ({ node: 'sql', parts }) as const),
);
const { node } = fc.letrec<{ node: SourceNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .uniqueArray(fc.tuple(name, tie('node')), { selector: ([key]) => key, maxLength: 4 })
      .map((entries) => ({ node: 'object', entries: entries.map(([key, value]) => ({ key, value })) }) as const),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => ({ node: 'array', items }) as const),
    fc
      .array(fc.nat(), { minLength: 2, maxLength: 60 })
      .map((numbers) => ({ node: 'array', items: numbers.map((value) => ({ node: 'value', value }) as const) }) as const),
    fc
      .tuple(fc.constantFrom('text', 'references', 'materializedView'), fc.array(tie('node'), { maxLength: 3 }))
      .map(([callee, given]) => ({ node: 'call', callee, arguments: given }) as const),
  ),
}));
const call = fc
  .tuple(fc.constantFrom('table', 'view'), fc.array(node, { minLength: 1, maxLength: 3 }))
  .map(([callee, given]) => ({ node: 'call', callee, arguments: given }) as const);

const formatted = (source: string): Promise<string> =>
  prettier.format(source, { singleQuote: true, printWidth: 140, parser: 'typescript' });

it('prints as prettier does', async () => {
  await fc.assert(
    fc.asyncProperty(call, async (value) => {
      const printed = printDeclaration('someTable', value, naming);
      expect(printed).toBe(await formatted(printed));
    }),
    { numRuns: 300, seed: Number(process.env['SCHEMAC_TEST_SEED'] ?? 20260105) },
  );
});

it.each([1, 5, 12, 13, 14, 30])('prints an import of %i words as prettier does', async (count) => {
  const words = Array.from({ length: count }, (_, number) => `someWord${number}`);
  const printed = printImport(words, './some-file.ts', 'values');
  expect(printed).toBe(await formatted(printed));
});
