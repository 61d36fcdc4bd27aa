/** A former name that no migration needs any more. */
import type { Statement } from '../../model/statement.ts';
import type { LintContext, LintRule } from '../rule.ts';

/** A rename's statement is about the object under its new name and makes nothing; where both names are there for a while, the old one is dropped. */
function usesFormerName(id: string, former: string | undefined, { statements }: LintContext): boolean {
  const isRename = (step: Statement): boolean => step.subject === id && step.atomic === 'rename';
  return statements.some((step) => isRename(step) || (former !== undefined && step.destroys.includes(former)));
}

export const renamedFromCanGo: LintRule = {
  code: 'renamed-from-can-go',
  severity: 'notice',
  about: 'schema',
  title: 'A renamedFrom has done its work, or names nothing.',
  explanation: [
    'renamedFrom turns a drop and an add into a rename while the former name is still there. Once the migration that renames is',
    'written it is harmless and does nothing: that migration carries the rename to every database. Where the former name never',
    'existed, the object is simply made anew, and the word is a mistake. Take it out in either case,',
    'unless the migration is still being amended or rebased.',
  ].join(' '),
  example: "full_name: text({ doc: '…', renamedFrom: 'name' })  // until the migration is written, then without it",
  check: (context) =>
    [...context.declared.annotations].flatMap(([id, { renamedFrom, renamedParts }]) => {
      if (renamedParts !== undefined && context.state.has(id) && !usesFormerName(id, undefined, context)) {
        return [{ subject: id, message: `the values of ${id} have their new names: renamedValues can go`, hint: 'take renamedValues out' }];
      }
      if (renamedFrom === undefined || !context.state.has(id) || usesFormerName(id, renamedFrom, context)) return [];
      const made = context.statements.some((statement) => statement.makes.includes(id));
      return [
        {
          subject: id,
          message: made ? `${id} is made anew: there is no ${renamedFrom} to rename` : `${id} has its new name: renamedFrom can go`,
          hint: made ? 'correct the former name, or take renamedFrom out' : 'take renamedFrom out',
        },
      ];
    }),
};
