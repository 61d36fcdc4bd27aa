/** A code that no rule has silences nothing. */
import type { LintRule } from '../rule.ts';

export const unknownLintCode: LintRule = {
  code: 'unknown-lint-code',
  severity: 'warning',
  about: 'schema',
  title: 'A suppression or setting names a rule that does not exist.',
  explanation: [
    "Codes of rules stand in suppress on an object and in the project's lint settings. One that no rule has does nothing, most often",
    'because of a slip of the pen. docs/lint.md lists all rules, and schemac explain CODE shows near ones.',
    'Errors of loading and of PostgreSQL itself are no rules and cannot be suppressed.',
  ].join(' '),
  example: "suppress: { 'enum-type': 'The set is fixed by a standard.' }",
  check: ({ declared, codes }) => {
    const hint = 'correct it; docs/lint.md lists the rules';
    const settings = Object.keys(declared.project.lint).filter((code) => !codes.has(code));
    const suppressed = [...declared.annotations].flatMap(([on, { suppress }]) => Object.keys(suppress ?? {}).map((code) => ({ on, code })));
    return [
      ...settings.map((code) => ({ message: `the project sets lint rule '${code}', which does not exist`, hint })),
      ...suppressed
        .filter(({ code }) => !codes.has(code))
        .map(({ on, code }) => ({ subject: on, message: `${on} suppresses '${code}', which is no lint rule`, hint })),
    ];
  },
};
