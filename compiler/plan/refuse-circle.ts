/** What is said where statements need each other and none of them can be taken out. Knows no kind. */
import { fail } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import type { Draft } from './draft.ts';

/** Throws a `DiagnosticError` with the code `dependency-cycle` that names the objects, each once. */
export function refuseCircle(drafts: readonly (Draft | undefined)[]): never {
  const names = [...new Set(drafts.map((draft) => draft?.statement.subject ?? ''))].sort(compareText);
  return fail('dependency-cycle', `these objects need each other, and none can be made first: ${names.join(', ')}`, {
    hint: 'break the cycle: let one of them be made without the other and changed afterwards',
  });
}
