/** The arithmetic of rows and index entries: lengths that differ are aligned each for itself, as rows are. */
import { expect, it } from 'vitest';
import { heapPages, rowBytes, treeSize, type StoredColumn } from '../../compiler/workload/sizes.ts';

const fixed = (bytes: number, align: number): StoredColumn => ({ bytes, align, nulls: 0, toastable: false });
const texts = (...widths: readonly (readonly [number, number])[]): StoredColumn => ({
  bytes: widths.reduce((sum, [width, share]) => sum + width * share, 0),
  align: 1,
  nulls: 0,
  toastable: true,
  widths,
});

it('aligns each length, not their average', () => {
  // 24 of the header, 8 before, then 6 or 10 bytes: rows of 40 and of 48, never of 44.
  expect(rowBytes([fixed(8, 8), texts([6, 1])])).toBe(40 + 4);
  expect(rowBytes([fixed(8, 8), texts([6, 0.5], [10, 0.5])])).toBe(44 + 4);
  const [short, mixed, long] = [texts([6, 1]), texts([6, 0.75], [10, 0.25]), texts([10, 1])].map((column) =>
    treeSize({ entries: 1_000_000, columns: [fixed(8, 8), column], distinct: 1_000_000, fillfactor: 90 }),
  );
  expect(mixed?.pages).toBeGreaterThan(short?.pages ?? 0);
  expect((mixed?.pages ?? 0) / ((short?.pages ?? 0) * 0.75 + (long?.pages ?? 0) * 0.25)).toBeCloseTo(1, 2);
});

it('gives a bitmap to the rows that have a NULL, and to no other', () => {
  const nine = Array.from({ length: 9 }, () => fixed(8, 8));
  const [, ...rest] = nine;
  expect(rowBytes(nine)).toBe(24 + 72 + 4);
  // One row in ten is 8 bytes shorter by its NULL and 8 longer by the bitmap of nine columns.
  expect(rowBytes([...rest, { ...fixed(8, 8), nulls: 0.1 }])).toBe(24 + 72 + 4);
  expect(rowBytes([...rest.slice(1), ...[0, 1].map(() => ({ ...fixed(8, 8), nulls: 0.5 }))])).toBe(24 + 72 + 4 - 4);
});

it('loses the same rest in each page where rows are of one length, half a row where they are not', () => {
  expect(heapPages(1000, [fixed(1_976, 8)], 100)).toBe(250);
  expect(heapPages(1000, [fixed(2_000, 8)], 100)).toBe(250);
  expect(heapPages(1000, [fixed(2_100, 8)], 100)).toBe(334);
  const varied = heapPages(1000, [texts([100, 0.5], [1_900, 0.5])], 100);
  expect(varied).toBeGreaterThan(125);
  expect(varied).toBeLessThan(150);
});
