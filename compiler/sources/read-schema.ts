/** A schema folder as a source: loaded, and elaborated in an empty engine. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { load } from '../load/load.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { elaborate } from '../prove/elaborate.ts';
import { extensionsOf } from './extensions.ts';
import type { Source, SourceContext } from './source.ts';

/** Throws a `DiagnosticError` with everything that is wrong with the declarations. */
export async function readSchema(folder: string, name: string, context: SourceContext): Promise<Source> {
  const root = projectOf(folder);
  const declared = await load({ root, folder: relative(root, folder) || '.', loader: context.loader });
  if (declared.diagnostics.some(({ severity }) => severity === 'error')) throw new DiagnosticError(declared.diagnostics);
  const externals = declared.objects.filter(
    (object) => object.partOf === undefined && declared.annotations.get(object.id)?.external === true,
  );
  return context.engines.borrow(extensionsOf(declared.objects), async (engine) => ({
    source: 'schema',
    name,
    state: await elaborate(engine, declared),
    spelled: engine.identity,
    externals: new Set(externals.map(({ id }) => id)),
    ...(declared.referenceTables === undefined ? {} : { referenceTables: declared.referenceTables }),
    declared,
  }));
}

/** The folder that holds package.json, from which the declarations' packages are found. */
function projectOf(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(candidate) === candidate) return dirname(folder);
  }
}
