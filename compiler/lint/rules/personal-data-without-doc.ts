/** A column of personal data must say what it holds and why it is personal. */
import { pathText } from '../../model/address.ts';
import { isColumn } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { hasDoc } from '../undocumented.ts';

export const personalDataWithoutDoc: LintRule = {
  code: 'personal-data-without-doc',
  severity: 'warning',
  about: 'schema',
  title: 'A column of personal data does not say what it holds, or why it is personal.',
  explanation: [
    'A record of what personal data is kept and why is a legal duty in many places, and the mark alone answers neither:',
    'pii says why the data is personal, doc what it holds and what it is kept for. The documents list both together.',
    'PostgreSQL itself knows no such mark; it lives in the schema only.',
  ].join(' '),
  example: "email: text({ doc: 'Where digests are sent.', pii: 'identifies a person' })",
  check: (context) =>
    context.managed.filter(isColumn).flatMap((column) => {
      const { pii } = context.annotation(column.id);
      if (pii === undefined || (pii.trim() !== '' && hasDoc(column, context))) return [];
      const missing = pii.trim() === '' ? 'is marked as personal data without saying why' : 'holds personal data and has no doc';
      const hint = pii.trim() === '' ? "say why: pii: 'identifies a person'" : "say what it holds and what for: doc: '…'";
      return [{ subject: column.id, message: `column ${pathText(column.path)} ${missing}`, hint }];
    }),
};
