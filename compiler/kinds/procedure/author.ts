/** A procedure as source: `procedure('archive', { args: { … }, language: 'plpgsql', body: sql`…` })`. */
import { callNode, valueNode } from '../../model/source.ts';
import { declarationOf, leftOpaque, type Author } from '../author.ts';
import { routineName } from '../routine.ts';
import { nameInSql, routineLiteral, unspeakable } from '../routine-source.ts';
import type { Procedure } from './object.ts';

export const procedureAuthor: Author<Procedure> = {
  writes: 'declaration',
  inSql: nameInSql,
  author: (object, context) => {
    const reason = unspeakable(object, context);
    if (reason !== undefined) return leftOpaque(object, reason);
    const name = routineName(object);
    const value = callNode('procedure', valueNode(name), routineLiteral(object, {}, context));
    return [{ ...declarationOf(object, 'procedure', 'own', value), name }];
  },
};
