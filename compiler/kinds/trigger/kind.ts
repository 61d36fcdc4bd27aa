/** All that the compiler knows of triggers (manual: CREATE TRIGGER). They fire in the order of their names. */
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { tableOf } from '../statements.ts';
import { triggerAuthor } from './author.ts';
import { introspectTriggers } from './introspect.ts';
import type { Trigger } from './object.ts';
import { createTrigger, dropTrigger, renameTrigger, triggerRules, triggerWords } from './statements.ts';

export const triggerKind: Kind<Trigger> = {
  kind: 'trigger',
  introspect: introspectTriggers,
  create: createTrigger,
  drop: dropTrigger,
  alter: triggerRules,
  rename: renameTrigger,
  namesFollow: true,
  fires: true,
  describe: (trigger, context) => [
    {
      node: 'note',
      id: trigger.id,
      table: tableOf(trigger),
      title: 'trigger',
      name: trigger.path[2] ?? '',
      definition: triggerWords(trigger),
      ...optional('doc', context.annotation(trigger.id).doc),
    },
  ],
  author: triggerAuthor,
};
