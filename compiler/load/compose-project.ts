/** The project's settings, or sensible ones where nobody declared any; two declarations are a mistake. */
import type { MigrationPolicy, Project } from '../model/declared.ts';
import { isDeclaration } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { MigrationPolicyInput, ProjectDeclaration } from '../dsl/design.ts';
import { hazardNames } from '../model/statement.ts';
import { present, type Mistake, type Places } from './context.ts';

/** The oldest and newest major that statements are written for. */
const supported = { oldest: 14, newest: 18 };

export function composeProject(
  declarations: readonly Declaration[],
  title: string,
  report: (mistake: Mistake) => void,
  placeOf: Places['of'],
): Project {
  const declared = declarations.filter((each): each is ProjectDeclaration => isDeclaration(each, 'project'));
  for (const each of declared.slice(1)) {
    report({
      code: 'two-projects',
      message: 'project(…) is declared twice',
      hint: 'keep one of them, by convention in schema/project.ts',
      at: each.origin,
    });
  }
  const settings = declared[0]?.definition ?? {};
  const postgres: number = settings.postgres ?? 16;
  if (declared[0] !== undefined && (!Number.isInteger(postgres) || postgres < supported.oldest || postgres > supported.newest)) {
    report({
      code: 'unsupported-postgres',
      message: `the project is for PostgreSQL ${postgres}`,
      hint: `schemac writes migrations for PostgreSQL ${supported.oldest} to ${supported.newest}`,
      at: declared[0].origin,
      keys: ['postgres'],
    });
  }
  return {
    title: settings.title ?? title,
    purpose: settings.purpose ?? '',
    postgres,
    manages: settings.manages ?? 'declared',
    comments: settings.comments ?? 'database',
    lint: settings.lint ?? {},
    ignore: settings.ignore ?? [],
    renames: settings.renames ?? 'in place',
    planner: present({ ...settings.planner }),
    ...(settings.policy === undefined || declared[0] === undefined
      ? {}
      : { policy: policyOf(settings.policy, declared[0], report, placeOf) }),
  };
}

/** Tables of fewer rows are changed in a moment, whatever is done to them. */
const usuallyLarge = 1_000_000;

/** The policy with what it leaves out; rules that there are none of, and exceptions without a reason, are mistakes. */
function policyOf(
  { forbid, overRows = usuallyLarge, except = [], after }: MigrationPolicyInput,
  { origin }: ProjectDeclaration,
  report: (mistake: Mistake) => void,
  placeOf: Places['of'],
): MigrationPolicy {
  const where = { at: origin, keys: ['policy'] };
  const named: readonly string[] = [...forbid, ...except.map(({ rule }) => rule)];
  for (const rule of named.filter((each) => !(hazardNames as readonly string[]).includes(each))) {
    const hint = `forbid one of ${hazardNames.join(', ')}`;
    report({ code: 'unknown-policy-rule', message: `the policy names '${rule}', which no statement does`, hint, ...where });
  }
  for (const { migration, reason } of except.filter((each) => each.reason.trim() === '')) {
    const message = `the policy excepts ${migration} without a reason (${JSON.stringify(reason)})`;
    report({ code: 'no-reason', message, hint: 'say why the table may be held up', ...where });
  }
  const place = placeOf(origin, 'policy', 'except');
  return {
    forbid,
    overRows,
    except: except.map((each) => ({ ...each, ...(place === undefined ? {} : { place }) })),
    ...(after === undefined ? {} : { after }),
  };
}
