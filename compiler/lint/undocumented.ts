/** What the rules about missing docs have in common: objects of a kind that nobody described. */
import { pathText } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import type { Finding, LintContext } from './rule.ts';

export function hasDoc(object: SchemaObject, context: LintContext): boolean {
  return (context.annotation(object.id).doc ?? '').trim() !== '';
}

/** A finding for each object without a doc. `what` names it: `column`, `index`. */
export function withoutDoc(objects: readonly SchemaObject[], what: string, hint: string, context: LintContext): readonly Finding[] {
  return objects
    .filter((object) => !hasDoc(object, context))
    .map((object) => ({ subject: object.id, message: `${what} ${pathText(object.path)} has no doc`, hint }));
}
