/**
 * What was dropped and what was added may be one thing under two names. Between two states nobody
 * says so, and rows are not to be guessed about: it is pointed out, with the statement that renames.
 */
import { partsOf, sameJson, stateOf, type SchemaObject } from '../model/object.ts';
import { pathText, parseAddress } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

export function likelyRenames(changes: readonly Change[]): readonly Diagnostic[] {
  const removed = changes.flatMap((change) => (change.change === 'removed' ? [change.before] : []));
  const added = changes.flatMap((change) => (change.change === 'added' ? [change.after] : []));
  const [gone, come] = [stateOf(removed), stateOf(added)];
  const whole = (object: SchemaObject): boolean => !gone.has(object.partOf ?? '') && !come.has(object.partOf ?? '');
  return removed.filter(whole).flatMap((old) => {
    const alike = added.filter((now) => whole(now) && isAlike(old, now) && sameParts(partsOf(gone, old.id), partsOf(come, now.id)));
    const [now] = alike;
    return alike.length === 1 && now !== undefined ? [notice(old, now)] : [];
  });
}

function isAlike(old: SchemaObject, now: SchemaObject): boolean {
  const sameOwner =
    old.partOf === now.partOf && (old.partOf !== undefined || old.path.slice(0, -1).join('\0') === now.path.slice(0, -1).join('\0'));
  return old.kind === now.kind && sameOwner && Object.keys(old.attributes).length > 0 && sameJson(old.attributes, now.attributes);
}

/** Parts that hold rows have a place: those of a table are its columns. */
function sameParts(old: readonly SchemaObject[], now: readonly SchemaObject[]): boolean {
  const columns = (parts: readonly SchemaObject[]): readonly unknown[] =>
    parts.filter((part) => part.facts?.['position'] !== undefined).map((part) => [part.path.at(-1), part.attributes]);
  return sameJson(columns(old), columns(now));
}

function notice(old: SchemaObject, now: SchemaObject): Diagnostic {
  const owner = parseAddress(now.partOf ?? '')?.path ?? now.path.slice(0, -1);
  return {
    code: 'looks-like-rename',
    severity: 'notice',
    message: `${old.id} is dropped and ${now.id} is added, and they look alike: between two states nothing says that one became the other`,
    subject: now.id,
    hint: `if ${String(now.path.at(-1))} is the new name of ${String(old.path.at(-1))} in ${pathText(owner)}, rename it on the first source by hand and compare again`,
  };
}
