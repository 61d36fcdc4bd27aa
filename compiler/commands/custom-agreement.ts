/**
 * What hand-written SQL does to objects must agree with what is declared: nothing that nobody
 * declared is made, nothing that is declared is dropped or made otherwise. Says so by name, and what to write.
 */
import { declaredAs } from '../author/declare-as.ts';
import { diff, subjectOf } from '../diff/diff.ts';
import type { Address } from '../model/address.ts';
import type { Altered, Change } from '../model/change.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { attributeOf, rootOf, sameJson, type State } from '../model/object.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import type { CustomFile } from '../workspace/custom-files.ts';
import { withoutExternals } from '../workspace/external.ts';
import type { HandWrittenReport } from './hand-written-report.ts';

export interface Agreement {
  readonly custom: CustomFile;
  readonly reported: HandWrittenReport;
  /** Every object before the file. */
  readonly before: State;
  readonly desired: State;
  readonly externals: ReadonlySet<Address>;
}

export function disagreementsWith(agreement: Agreement): readonly Diagnostic[] {
  const { before, desired, externals, reported } = agreement;
  const foreign = foreignChanges(agreement);
  if (foreign.length > 0) return foreign;
  const [old, now, wanted] = [before, reported.after, desired].map((state) => withoutExternals(state, externals)) as [State, State, State];
  const changes = diff(old, now);
  const undeclared = changes.flatMap((change) => (change.change === 'added' && !wanted.has(change.after.id) ? [change.after.id] : []));
  const all = new Set(undeclared);
  const whole = undeclared.filter((id) => !all.has(now.get(id)?.partOf ?? ''));
  const lines = declaredAs(now, externals, whole);
  return [
    ...whole.map((id) => undeclaredObject(id, lines.get(id), agreement)),
    ...changes.flatMap((change) =>
      change.change === 'removed' && wanted.has(change.before.id) && !isUnderway(change, wanted)
        ? [dropped(change.before.id, agreement)]
        : [],
    ),
    ...changes.flatMap((change) => (change.change === 'altered' ? changedAway(change, wanted, agreement) : [])),
  ];
}

/** What is to be another one by now may go and be made anew by the migration that follows. */
function isUnderway(change: Change, wanted: State): boolean {
  const object = change.change === 'removed' ? change.before : undefined;
  const declared = object === undefined ? undefined : wanted.get(object.id);
  return declared !== undefined && !sameJson(declared.attributes, object?.attributes);
}

/** Other teams' tables are theirs to change. */
function foreignChanges({ before, reported, externals, custom }: Agreement): readonly Diagnostic[] {
  const theirs = diff(before, reported.after).flatMap((change) => {
    const root = rootOf(change.change === 'removed' ? change.before : change.after, before, reported.after);
    return externals.has(root) && before.has(root) ? [root] : [];
  });
  return [...new Set(theirs)].map((table): Diagnostic => ({
    code: 'custom-external',
    severity: 'error',
    message: `${custom.file} changes ${table}, which belongs to another team`,
    place: placeOfChange(table, { custom, reported }),
    subject: table,
    hint: 'leave the table as it is; its owners change it in their own migrations',
  }));
}

function undeclaredObject(id: Address, line: string | undefined, agreement: Agreement): Diagnostic {
  const drop = 'drop it again at the end of the file if it only helps there';
  return {
    code: 'custom-undeclared',
    severity: 'error',
    message: `the SQL makes ${id}, which schema/ does not declare`,
    place: placeOfChange(id, agreement),
    subject: id,
    hint: line === undefined ? drop : `declare it, or ${drop}:\n${line}`,
  };
}

function dropped(id: Address, agreement: Agreement): Diagnostic {
  return {
    code: 'custom-disagrees',
    severity: 'error',
    message: `the SQL drops ${id}, which schema/ declares`,
    place: placeOfChange(id, agreement),
    subject: id,
    hint: 'take it out of schema/ too, or leave it where it is',
  };
}

/** Attributes that were as declared and are not any more. */
function changedAway(change: Altered, wanted: State, agreement: Agreement): readonly Diagnostic[] {
  const { before, after, attributes } = change;
  const declared = wanted.get(after.id);
  if (declared === undefined) return [];
  const away = attributes.filter(
    (name) => same(attributeOf(before, name), attributeOf(declared, name)) && !same(attributeOf(after, name), attributeOf(declared, name)),
  );
  if (away.length === 0) return [];
  const details = away.map(
    (name) => `${name} is ${shown(attributeOf(after, name))} then, and ${shown(attributeOf(declared, name))} in schema/`,
  );
  return [
    {
      code: 'custom-disagrees',
      severity: 'error',
      message: `the SQL changes ${after.id} away from what schema/ declares: ${details.join('; ')}`,
      place: placeOfChange(after.id, agreement),
      subject: after.id,
      hint: 'declare it as the SQL makes it, or leave it as it is declared',
    },
  ];
}

function same(left: unknown, right: unknown): boolean {
  return sameJson(left ?? null, right ?? null);
}

function shown(value: unknown): string {
  return value === undefined || value === null ? 'not set' : typeof value === 'string' ? `«${value}»` : JSON.stringify(value);
}

/** The last statement that made, changed or dropped it. */
function placeOfChange(id: Address, { custom, reported }: Pick<Agreement, 'custom' | 'reported'>): Place {
  const step: MigrationStep | undefined = reported.steps.findLast(({ before, after }) =>
    diff(before, after).some(
      (change) => subjectOf(change) === id || rootOf(change.change === 'removed' ? change.before : change.after, before, after) === id,
    ),
  )?.step;
  return { file: custom.file, line: step?.line ?? 1, column: step?.column ?? 1 };
}
