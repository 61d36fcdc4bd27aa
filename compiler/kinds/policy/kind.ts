/** All that the compiler knows of policies (manual §5.9, CREATE POLICY, ALTER POLICY). */
import { pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import { optional } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { granteeSql, rolesAmong } from '../grantee.ts';
import { hazard, lock, relationName, tableOf } from '../statements.ts';
import { policyIntrospection } from './introspect.ts';
import { policyAuthor } from './author.ts';
import type { Policy } from './object.ts';

type Part = 'roles' | 'using' | 'withCheck';

const target = (policy: Policy): string => `${quoteName(policy.path[2] ?? '')} ON ${relationName(policy)}`;

function clause(policy: Policy, part: Part): string {
  if (part === 'roles') return ` TO ${policy.attributes.roles.map((role) => granteeSql(role)).join(', ')}`;
  const expression = sourceOf(policy, part);
  return expression === undefined ? '' : ` ${part === 'using' ? 'USING' : 'WITH CHECK'} (${expression})`;
}

function createSql(policy: Policy): string {
  const { mode, command } = policy.attributes;
  const words = `${mode === 'restrictive' ? ' AS RESTRICTIVE' : ''}${command === 'all' ? '' : ` FOR ${command.toUpperCase()}`}`;
  return `CREATE POLICY ${target(policy)}${words}${clause(policy, 'roles')}${clause(policy, 'using')}${clause(policy, 'withCheck')}`;
}

/** Every change of a policy takes AccessExclusiveLock, for a moment (measured on 14 to 18). */
function change(policy: Policy, context: PlanContext, draft: Pick<Statement, 'sql' | 'purpose'> & Partial<Statement>): Statement {
  const table = tableOf(policy);
  return statement({
    subject: policy.id,
    locks: lock('AccessExclusiveLock', table),
    hazards: context.isNew(table) ? [] : [hazard('authorization', policy.id, 'which rows a role can see or write changes')],
    ...draft,
  });
}

function create(policy: Policy, context: PlanContext): readonly Statement[] {
  return [
    change(policy, context, {
      sql: createSql(policy),
      purpose: `Create policy ${policy.path[2]} on ${pathText(policy.path.slice(0, 2))}.`,
      needs: policy.dependsOn,
      makes: [policy.id],
      reverse: `DROP POLICY ${target(policy)}`,
    }),
  ];
}

function drop(policy: Policy, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(policy.id);
  return [
    change(policy, context, {
      sql: `DROP POLICY ${target(policy)}`,
      purpose: `Drop policy ${policy.path[2]} of ${pathText(policy.path.slice(0, 2))}${comesBack ? ', to be made again' : ''}.`,
      destroys: [policy.id],
      reverse: createSql(policy),
    }),
  ];
}

function alter(part: Part): (before: Policy, after: Policy, context: PlanContext) => readonly Statement[] {
  const words = { roles: 'for whom', using: 'which rows', withCheck: 'which new rows' }[part];
  return (before, after, context) => [
    change(after, context, {
      sql: `ALTER POLICY ${target(after)}${clause(after, part)}`,
      purpose: `Change ${words} policy ${after.path[2]} of ${pathText(after.path.slice(0, 2))} is.`,
      // It also gives up what the old text used, so that it can be dropped afterwards.
      needs: [...after.dependsOn, ...before.dependsOn],
      atomic: `alter ${after.id}`,
      ...(clause(before, part) === '' ? {} : { reverse: `ALTER POLICY ${target(before)}${clause(before, part)}` }),
    }),
  ];
}

/** ALTER POLICY can set an expression, not take one away. */
const takesAway =
  (part: 'using' | 'withCheck') =>
  (before: Policy, after: Policy): boolean =>
    before.attributes[part] !== undefined && after.attributes[part] === undefined;

/** PostgreSQL's own text has its parentheses. */
function inWords({ command, roles, using, withCheck }: Policy['attributes']): string {
  const parts = [using === undefined ? '' : ` using ${using}`, withCheck === undefined ? '' : ` with check ${withCheck}`];
  return `for ${command} to ${roles.join(', ')}${parts.join('')}`;
}

export const policyKind: Kind<Policy> = {
  kind: 'policy',
  introspect: policyIntrospection,
  create,
  drop,
  alter: {
    command: { statements: 'replace' },
    mode: { statements: 'replace' },
    roles: { statements: alter('roles') },
    using: { statements: alter('using'), replaces: takesAway('using') },
    withCheck: { statements: alter('withCheck'), replaces: takesAway('withCheck') },
  },
  rename: (before, after) => [
    statement({
      sql: `ALTER POLICY ${target({ ...before, path: [...after.path.slice(0, 2), before.path[2] ?? ''] })} RENAME TO ${quoteName(after.path[2] ?? '')}`,
      purpose: `Rename policy ${before.path[2]} of ${pathText(after.path.slice(0, 2))} to ${after.path[2]}.`,
      subject: after.id,
      locks: lock('AccessExclusiveLock', tableOf(after)),
    }),
  ],
  namesFollow: true,
  stake: () => 'access',
  roles: (policy) => rolesAmong(policy.attributes.roles),
  author: policyAuthor,
  describe: (policy, context) => [
    {
      node: 'note',
      id: policy.id,
      table: tableOf(policy),
      topic: 'access',
      title: policy.attributes.mode === 'restrictive' ? 'restrictive policy' : 'policy',
      name: policy.path[2] ?? '',
      definition: inWords(policy.attributes),
      ...optional('doc', context.annotation(policy.id).doc),
    },
  ],
};
