/** Values can be added to an enum, never removed. */
import { isEnum } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';

export const enumType: LintRule = {
  code: 'enum-type',
  severity: 'notice',
  about: 'schema',
  title: 'A type is an enum.',
  explanation: [
    'A value can be added to an enum but never removed (manual §8.7); a new value cannot be used in the transaction that adds it',
    '(55P04, measured), and swapping the type rewrites every table that uses it under ACCESS EXCLUSIVE.',
    'text with a check takes a few bytes more, and its list changes both ways without a rewrite: the new check is added',
    'NOT VALID, validated without blocking, and the old one dropped. Where the set is truly fixed an enum is fine; say so in a suppression.',
  ].join(' '),
  example:
    "status: text({ doc: 'Where the send is.' })  …  checks: { sends_status_check: { expression: sql`status IN ('queued', 'sent')`, doc: 'Known states.' } }",
  check: ({ managed }) =>
    managed.filter(isEnum).map((type) => ({
      subject: type.id,
      message: `${pathText(type.path)} is an enum, whose values can never be removed`,
      hint: 'prefer text(…) with a check on the allowed values, if the set may change',
    })),
};
