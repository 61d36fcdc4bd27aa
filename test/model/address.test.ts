/**
 * The grammar of addresses: what is written is what is read, whatever the names are. Names of every
 * nasty form are put together at random from a fixed seed.
 */
import { describe, expect, it } from 'vitest';
import { address, parseAddress, signature, signatureName, signatureTypes } from '../../compiler/model/address.ts';

const names = [
  'digests',
  'User',
  'a.b',
  'it"s',
  '""',
  'a b',
  'total(integer)',
  'half(',
  ')',
  '(',
  '"q"(x)',
  'Big(x)',
  'f(x)y',
  'f("',
  'ä',
  'order',
  '*',
  '2024',
  'a\nb',
];
const types = ['integer', 'text[]', 'public.mood[]', 'timestamp with time zone', 'public."Weird.Type"', '"a,b"."c(d"', 'x."q""r)"'];

/** A fixed sequence that looks random. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('an address', () => {
  it('reads back as it was written, signatures in it too', () => {
    const next = sequence(7);
    const one = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
    for (let run = 0; run < 5000; run += 1) {
      const path = Array.from({ length: 1 + Math.floor(next() * 3) }, () => one(names));
      const list = Array.from({ length: Math.floor(next() * 4) }, () => one(types));
      const whole = next() < 0.5 ? path : [...path, signature(one(names), list)];
      expect(parseAddress(address('some-kind', ...whole))).toEqual({ kind: 'some-kind', path: whole });
    }
  });

  it('is different for different paths', () => {
    const all = names.flatMap((left) => [[left], ...names.map((right) => [left, right])]);
    expect(new Set(all.map((path) => address('table', ...path))).size).toBe(all.length);
  });

  it('of a function shows its types as PostgreSQL prints them', () => {
    expect(address('function', 'public', signature('total', ['integer', 'text']))).toBe('function public.total(integer, text)');
    expect(address('function', 'public', signature('Total', ['public.mood[]']))).toBe('function public."Total"(public.mood[])');
    expect(address('procedure', 'public', signature('run', []))).toBe('procedure public.run()');
  });

  it.each(['', 'table', 'table ', 'table a.', 'table .a', 'table a..b', 'table "a', 'function f(', 'function f(a)b', 'function f(a).'])(
    'is not «%s»',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('a signature', () => {
  it.each(names)('of %j gives its name and its types back', (name) => {
    const part = signature(name, types);
    expect([signatureName(part), signatureTypes(part)]).toEqual([name, types.join(', ')]);
  });

  it.each(['digests', 'User(x)', 'f(x)y', 'f(', 'f', '"f"', 'f)(', 'f(")")"'])('is not «%s»', (part) => {
    expect(signatureName(part)).toBeUndefined();
  });
});
