/** What was measured, from schema/measurements/: files of the project that the bench writes and the documents print. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../model/diagnostic.ts';
import type { Measurements } from '../model/workload.ts';

/** In the order of their names. Throws a `DiagnosticError` where a file is none of the bench's. */
export function readMeasurements(root: string): readonly Measurements[] {
  const folder = join(root, 'schema', 'measurements');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => measurementsOf(readFileSync(join(folder, name), 'utf8'), name));
}

function measurementsOf(text: string, name: string): Measurements {
  try {
    const found = JSON.parse(text) as Measurements;
    if (Array.isArray(found.queries) && typeof found.hardware === 'string' && typeof found.rows === 'object') return found;
  } catch {
    // Said below, with all that is no measurement.
  }
  return fail('unreadable-measurements', `schema/measurements/${name} is nothing that schemac bench wrote`, {
    hint: 'measure again with --write, or remove the file',
  });
}
