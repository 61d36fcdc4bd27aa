/** Every code that loading reports is explained, and nothing else is. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadExplanations } from '../../compiler/load/explanations.ts';

test('every code is explained, and every explanation has a code', () => {
  const folder = new URL('../../compiler/load/', import.meta.url);
  const sources = readdirSync(folder)
    .filter((file) => file !== 'explanations.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  const reported = [...sources.matchAll(/\bcode: ([^\n]*)/g), ...sources.matchAll(/\bfail\(([^\n]*)/g)];
  const codes = reported.flatMap((match) =>
    [...(match[1] ?? '').split(/, (?:message|`|')/)[0]!.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map((code) => code[1]),
  );
  expect([...new Set(codes)].sort()).toEqual(Object.keys(loadExplanations).sort());
});
