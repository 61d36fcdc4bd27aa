/**
 * What a set of changes does, in words and as a file name: one line for each thing that a person
 * would name, its parts left out. Knows no kind but by its name's spelling.
 */
import { pathText, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { SchemaObject } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { kindRank } from '../kinds/registry.ts';

function objectOf(change: Change): SchemaObject {
  return change.change === 'removed' ? change.before : change.after;
}

/** Changes that no other change implies: a new table's columns go without saying. */
export function mainChanges(changes: readonly Change[]): readonly Change[] {
  const whole = new Set(changes.filter((change) => change.change !== 'altered').map((change) => objectOf(change).id));
  const main = changes.filter((change) => {
    const owner = objectOf(change).partOf;
    return owner === undefined || !whole.has(owner);
  });
  const structural = main.filter((change) => !isRemark(objectOf(change), changes));
  return structural.length > 0 ? structural : main;
}

/** An object whose id holds another's, as a comment's does, is about that one. */
function isRemark(object: SchemaObject, changes: readonly Change[]): boolean {
  return object.partOf !== undefined && object.id.endsWith(` ${object.partOf}`) && changes.length > 1;
}

const verbs = { added: ['Adds', 'add'], removed: ['Drops', 'drop'], altered: ['Changes', 'change'] } as const;

function words(id: Address): string {
  return id.replace(/^([a-z-]+) /, (kind) => kind.replaceAll('-', ' '));
}

/** One line a change. */
export function allSummaryLines(changes: readonly Change[], renames: readonly Statement[]): readonly string[] {
  return [
    ...renames.map((step) => step.purpose),
    ...mainChanges(changes).map((change) => {
      const detail = change.change === 'altered' ? ` (${change.attributes.join(', ')})` : '';
      return `${verbs[change.change][0]} ${words(objectOf(change).id)}${detail}.`;
    }),
  ];
}

/** The same, where long lists are cut and counted. */
export function summaryLines(changes: readonly Change[], renames: readonly Statement[]): readonly string[] {
  const lines = allSummaryLines(changes, renames);
  return lines.length <= 12 ? lines : [...lines.slice(0, 11), `And ${lines.length - 11} changes more.`];
}

/** A file name that says what the migration does: `add_column_digests_locale`, at most 60 characters. */
export function migrationNameFor(changes: readonly Change[], renames: readonly Statement[]): string {
  const main = [...mainChanges(changes)].sort((left, right) => kindRank(objectOf(left).kind) - kindRank(objectOf(right).kind));
  const first = main[0];
  if (first === undefined) return slug(renames[0] === undefined ? 'change' : `rename ${pathText(pathOf(renames[0].subject))}`);
  if (main.length === 1) return slug(`${verbs[first.change][1]} ${objectOf(first).kind} ${nameOf(objectOf(first))}`);
  return slug(`${verbs[first.change][1]} ${nameOf(objectOf(first))} and ${main.length - 1} more`);
}

function pathOf(id: Address): readonly string[] {
  return id.slice(id.indexOf(' ') + 1).split('.');
}

function nameOf(object: SchemaObject): string {
  return object.path.length > 1 ? object.path.slice(1).join(' ') : (object.path[0] ?? '');
}

export function slug(text: string): string {
  const cut = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60)
    .replaceAll(/_+$/g, '');
  return cut === '' ? 'change' : cut;
}
