/** A row must not outlive what it refers to. */
import { isForeignKey } from '../../kinds/guards.ts';
import { address, pathText, type Address } from '../../model/address.ts';
import { daysKept } from '../retention.ts';
import type { Finding, LintContext, LintRule } from '../rule.ts';
import { partitionRuleOf } from '../tables.ts';

interface Reference {
  readonly subject: Address;
  readonly near: readonly Address[];
  readonly from: Address;
  readonly to: Address;
}

function references({ managed, declared, state }: LintContext): readonly Reference[] {
  const columns = (table: Address, names: readonly string[]): readonly Address[] =>
    names.map((name) => address('column', ...(state.get(table)?.path ?? []), name));
  const hard = managed.filter(isForeignKey).map(({ id, partOf = '', attributes }) => ({
    subject: id,
    near: columns(partOf, attributes.columns),
    from: partOf,
    to: attributes.references,
  }));
  const soft = declared.softReferences
    .filter(({ from }) => state.has(from))
    .map(({ from, fromColumns, to }) => {
      const [subject = from, ...near] = columns(from, fromColumns);
      return { subject, near, from, to };
    });
  return [...hard, ...soft];
}

function findingFor({ subject, near, from, to }: Reference, { state }: LintContext): readonly Finding[] {
  const kept = daysKept(partitionRuleOf(to, state));
  const referencing = daysKept(partitionRuleOf(from, state));
  if (from === to || kept === undefined || referencing === undefined || referencing <= kept) return [];
  const name = (table: Address): string => pathText(state.get(table)?.path ?? []);
  const [longer, shorter] = [from, to].map((table) => partitionRuleOf(table, state)?.attributes.retain ?? 'for good');
  return [
    {
      subject,
      near,
      message: `rows of ${name(from)} are kept ${longer} and refer to ${name(to)}, whose rows are kept ${shorter}`,
      hint: `keep ${name(from)} no longer than ${name(to)}`,
    },
  ];
}

export const retentionOrder: LintRule = {
  code: 'retention-order',
  severity: 'warning',
  about: 'schema',
  title: 'Rows are kept longer than the rows that they refer to.',
  explanation: [
    'With a foreign key a partition that is still referred to cannot be detached (23503, also with ON DELETE CASCADE: detaching deletes',
    'no rows; manual: ALTER TABLE, DETACH PARTITION), so retention stops. With a soft reference the rows stay behind and name nothing.',
    'The referencing table must lose its rows first: give it the same retention or a shorter one.',
    'Where a row is meant to outlive what it names, suppress it and say so.',
  ].join(' '),
  example:
    "digest_sends: partitionBy: range('created_at', { every: '1 month', retain: '13 months', onRetire: 'drop' })  // digests keep 13 months too",
  check: (context) => references(context).flatMap((reference) => findingFor(reference, context)),
};
