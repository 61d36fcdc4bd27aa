/**
 * From what the files export to the declarations in order: files by path, then as written. A thing
 * exported twice (by a barrel file, under two names) is one thing.
 */
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';

/** What one file of the schema exports; files are in the order of their paths. */
export interface EvaluatedFile {
  /** Relative to the project, with slashes. */
  readonly file: string;
  readonly exports: { readonly [name: string]: unknown };
}

/** All declarations of all files, in order, without repetitions. Arrays and plain objects of declarations count as well. */
export function declarationsOf(files: readonly EvaluatedFile[]): readonly Declaration[] {
  const seen = new Set<Declaration>();
  const result: Declaration[] = [];
  for (const { exports } of files) {
    const found: Declaration[] = [];
    for (const value of Object.values(exports)) gather(value, found, 0);
    found.sort((left, right) => left.order - right.order);
    for (const declaration of found) {
      if (!seen.has(declaration)) result.push(declaration);
      seen.add(declaration);
    }
  }
  return result;
}

/** `export const tables = { users, teams }` and `export default [users]` hold declarations, one level deep. */
function gather(value: unknown, found: Declaration[], depth: number): void {
  if (wordOf(value) !== undefined) found.push(value as Declaration);
  else if (depth === 0 && Array.isArray(value)) value.forEach((each) => gather(each, found, 1));
  else if (depth === 0 && typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    Object.values(value).forEach((each) => gather(each, found, 1));
  }
}
