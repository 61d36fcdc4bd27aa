/** The project's settings, or sensible ones where nobody declared any; two declarations are a mistake. */
import type { Project } from '../model/declared.ts';
import { isDeclaration } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { ProjectDeclaration } from '../dsl/design.ts';
import { present, type Mistake } from './context.ts';

/** The oldest and newest major that statements are written for. */
const supported = { oldest: 14, newest: 18 };

export function composeProject(declarations: readonly Declaration[], title: string, report: (mistake: Mistake) => void): Project {
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
    planner: present({ ...settings.planner }),
  };
}
