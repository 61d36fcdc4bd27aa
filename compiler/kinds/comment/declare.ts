/** A doc becomes a comment object that goes with what it is on. */
import type { SchemaObject } from '../../model/object.ts';
import type { Comment } from './object.ts';

export function declareComment(on: SchemaObject, text: string): Comment {
  return {
    kind: 'comment',
    id: `comment ${on.id}`,
    path: on.path,
    attributes: { on: on.id, text },
    dependsOn: [on.id],
    partOf: on.id,
  };
}
