/** Types of one's own must say what they stand for. */
import { isAttribute, isComposite, isDomain, isEnum, isRange } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { withoutDoc } from '../undocumented.ts';

export const undocumentedType: LintRule = {
  code: 'undocumented-type',
  severity: 'warning',
  about: 'schema',
  title: 'A type of your own, or an attribute of one, has no doc.',
  explanation: [
    'A type of your own is used in several tables (manual §8.7, §8.16 to §8.18). Its meaning belongs to the type and is told once, there.',
    'Say what the values mean and which of them are final, or which rule the domain keeps, what an attribute of a composite type holds.',
  ].join(' '),
  example: "enumType('send_status', ['queued', 'sent', 'bounced'], { doc: 'Where a send is; sent and bounced are final.' })",
  check: (context) => {
    const types = context.managed.filter((object) => isEnum(object) || isDomain(object) || isComposite(object) || isRange(object));
    const attributes = context.managed.filter(isAttribute);
    return [
      ...withoutDoc(types, 'type', "say what its values mean: doc: '…'", context),
      ...withoutDoc(attributes, 'attribute', "say what it holds: doc: '…'", context),
    ];
  },
};
