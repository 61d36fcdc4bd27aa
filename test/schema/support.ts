/** The repo's own schema, loaded as the compiler loads it; what the tests of it look at. */
import { fileURLToPath } from 'node:url';
import { load } from '../../compiler/load/load.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function loadDigestSchema(): Promise<DeclaredSchema> {
  return load({ root, folder: 'schema', loader: 'esbuild', dslModule: fileURLToPath(new URL('../../compiler/dsl/index.ts', import.meta.url)) });
}

/** A query with `:name` parameters as PREPARE takes it, and their names in order. A cast `::type` is none. */
export function numbered(sql: string): { readonly sql: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const text = sql.replace(/(?<!:):([a-z_]+)/g, (_, name: string) => {
    if (!parameters.includes(name)) parameters.push(name);
    return `$${String(parameters.indexOf(name) + 1)}`;
  });
  return { sql: text, parameters };
}
