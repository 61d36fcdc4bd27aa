/** Constraints and policies must say which rule of the domain they keep, unless their columns say it already. */
import { isCheck, isExclusion, isForeignKey, isPolicy, isPrimaryKey, isUnique } from '../../kinds/guards.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { LintContext, LintRule } from '../rule.ts';
import { columnOf, partitionColumns, tableAt } from '../tables.ts';
import { hasDoc, withoutDoc } from '../undocumented.ts';

const guards = [isPrimaryKey, isUnique, isCheck, isExclusion, isForeignKey];

/** A key or reference of one documented column adds nothing to what the column says. */
function columnSaysIt(object: SchemaObject, context: LintContext): boolean {
  if (!isPrimaryKey(object) && !isForeignKey(object)) return false;
  const table = tableAt(object.partOf, context.state);
  if (table === undefined) return false;
  const needed = new Set(partitionColumns(table, context.state).map((column) => column.path.at(-1)));
  const columns = isPrimaryKey(object) ? object.attributes.columns.filter((name) => !needed.has(name)) : object.attributes.columns;
  const [only] = columns.map((name) => columnOf(table.id, name, context.state));
  return columns.length === 1 && only !== undefined && hasDoc(only, context);
}

export const undocumentedConstraint: LintRule = {
  code: 'undocumented-constraint',
  severity: 'warning',
  about: 'schema',
  title: 'A constraint or a policy has no doc.',
  explanation: [
    'A constraint is a rule of the domain (manual §5.5); whoever meets its error message, or has to loosen it, needs the reason.',
    'Asked of unique keys, checks, exclusions, foreign keys, primary keys, and of policies, which keep rows from whoever may not see them.',
    'Not asked where one documented column says it: the reference of a column, and a primary key of one column besides those',
    'of the partition key, which PostgreSQL demands in every key.',
  ].join(' '),
  example: "uniques: { digests_token_key: { columns: ['token'], doc: 'A link in a mail names one digest.' } }",
  check: (context) => {
    const constraints = context.managed.filter((object) => guards.some((guard) => guard(object)) && !columnSaysIt(object, context));
    const hint = "say which rule it keeps: doc: '…'; on a reference column, constraint: { doc: '…' }";
    const policies = context.managed.filter(isPolicy);
    return [
      ...withoutDoc(constraints, 'constraint', hint, context),
      ...withoutDoc(policies, 'policy', "say who is to see what: doc: '…'", context),
    ];
  },
};
