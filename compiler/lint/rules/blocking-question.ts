/** A question that must be answered before the schema goes out. */
import type { LintRule } from '../rule.ts';

export const blockingQuestion: LintRule = {
  code: 'blocking-question',
  severity: 'warning',
  about: 'schema',
  title: 'An open question blocks the release.',
  explanation: [
    'An open question with blocking: true says that the schema must not be released before it is answered; its owner is named.',
    'When it is answered, replace it by a decision with the same question: the document then shows what was decided and why.',
    'What PostgreSQL makes hard to change later (partition keys, primary keys, what is logged) is worth blocking for.',
  ].join(' '),
  example:
    "decision('retention', { question: 'How long are digests kept?', decision: '13 months', because: '…', decidedOn: '2026-03-31' })",
  check: ({ declared }) =>
    declared.openQuestions
      .filter(({ blocking }) => blocking)
      .map(({ name, question, owner }) => ({
        message: `the open question "${name}" blocks the release: ${question} (${owner})`,
        hint: 'answer it and declare a decision(…) in its place, or say blocking: false',
      })),
};
