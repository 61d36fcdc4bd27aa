/** The one object that `diff --format json` prints; docs/diff.md says what is in it. */
import type { Change } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { attributeOf } from '../model/object.ts';
import type { Difference } from '../sources/plan-difference.ts';
import type { Source } from '../sources/source.ts';
import type { NotModelledReport } from './not-modelled.ts';

export interface DifferenceParts {
  readonly from: Source;
  readonly to: Source;
  readonly difference: Difference;
  readonly notModelled: NotModelledReport['entries'];
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: readonly string[];
  readonly script: string;
}

export function differenceJson({ from, to, difference, notModelled, diagnostics, summary, script }: DifferenceParts): object {
  const statements = difference.transactions.flatMap(({ block, statements: members }, transaction) =>
    members.map((statement) => ({ statement, transaction: transaction + 1, inTransaction: block })),
  );
  const isSame = difference.changes.length + difference.renames.length === 0;
  return {
    same: isSame,
    from: sourceJson(from),
    to: sourceJson(to),
    target: difference.target,
    summary,
    changes: difference.changes.map(changeJson),
    statements: statements.map(({ statement, transaction, inTransaction }, place) => ({
      number: place + 1,
      transaction,
      inTransaction,
      sql: statement.sql,
      step: statement.step,
      purpose: statement.purpose,
      subject: statement.subject,
      locks: statement.locks,
      rewrites: statement.rewrites,
      scans: statement.scans,
      ...(statement.reverse === undefined ? {} : { reverse: statement.reverse }),
    })),
    hazards: statements.flatMap(({ statement }, place) => statement.hazards.map((hazard) => ({ statement: place + 1, ...hazard }))),
    script: isSame ? '' : script,
    notModelled,
    diagnostics,
  };
}

function sourceJson(source: Source): object {
  return { source: source.source, name: source.name, spelledBy: source.spelled.name, objects: source.state.size };
}

function changeJson(change: Change): object {
  if (change.change === 'added') return { change: 'added', object: change.after.id, after: change.after.attributes };
  if (change.change === 'removed') return { change: 'removed', object: change.before.id, before: change.before.attributes };
  const { before, after, attributes } = change;
  return {
    change: 'altered',
    object: after.id,
    attributes: Object.fromEntries(
      attributes.map((name) => [name, { before: attributeOf(before, name) ?? null, after: attributeOf(after, name) ?? null }]),
    ),
  };
}
