/** Parameters by name become numbers, and offsets lead back. */
import { expect, it } from 'vitest';
import { numberParameters } from '../../compiler/sql/named-parameters.ts';

it.each([
  ['SELECT :a, :b, :a', 'SELECT $1, $2, $1', ['a', 'b']],
  ['SELECT now()::date, :a::date', 'SELECT now()::date, $1::date', ['a']],
  [`SELECT ':a', ":b", $$ :c $$ -- :d\n, /* :e */ E'\\':f', :g`, `SELECT ':a', ":b", $$ :c $$ -- :d\n, /* :e */ E'\\':f', $1`, ['g']],
  ['SELECT 1', 'SELECT 1', []],
])('%s', (sql, text, names) => {
  expect(numberParameters(sql)).toMatchObject({ text, names });
});

it('leads each offset back', () => {
  const sql = 'SELECT :first_one + bad, :second';
  const { text, originalOffset } = numberParameters(sql);
  expect(sql.slice(originalOffset(text.indexOf('bad')))).toBe('bad, :second');
  expect(originalOffset(text.indexOf('$1'))).toBe(sql.indexOf(':first_one'));
  expect(originalOffset(text.indexOf('$2'))).toBe(sql.indexOf(':second'));
  expect(originalOffset(3)).toBe(3);
});
