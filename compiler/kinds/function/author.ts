/** A function as source: `func('total', { args: { … }, returns: numeric(), language: 'sql', body: sql`…` })`. */
import { callNode, sqlNode, valueNode, type SourceNode } from '../../model/source.ts';
import { declarationOf, leftOpaque, type Author, type AuthorContext } from '../author.ts';
import { flagNode, unlessUsual } from '../column-source.ts';
import { routineName } from '../routine.ts';
import { nameInSql, routineLiteral, typeNode, unspeakable } from '../routine-source.ts';
import type { Function } from './object.ts';

const pseudoTypes = new Set(['trigger', 'event_trigger', 'void', 'record']);

interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** What it returns; nothing where its arguments say it. */
function returnsNode(object: Function, context: AuthorContext): SourceNode | undefined {
  const { returns, arguments: given } = object.attributes;
  const back = given.filter(({ mode }) => mode === 'out' || mode === 'inout');
  if (back.length > 0 && returns === (back.length === 1 ? back[0]?.type : 'record')) return undefined;
  const columns = object.facts?.['columns'] as unknown as readonly ResultColumn[] | undefined;
  if (columns !== undefined) {
    return callNode('returnsTable', {
      node: 'object',
      entries: columns.map(({ name, type }) => ({ key: name, value: typeNode(type, context) })),
    });
  }
  if (pseudoTypes.has(returns)) return valueNode(returns);
  if (!returns.startsWith('SETOF ')) return typeNode(returns, context);
  return callNode('setOf', typeNode(returns.slice('SETOF '.length), context));
}

function numberNode(value: number | undefined): SourceNode | undefined {
  return value === undefined ? undefined : valueNode(value);
}

export const functionAuthor: Author<Function> = {
  writes: 'declaration',
  inSql: nameInSql,
  author: (object, context) => {
    const reason = unspeakable(object, context);
    if (reason !== undefined) return leftOpaque(object, reason);
    const { volatility, strict, leakproof, parallel, cost, rows, support, window } = object.attributes;
    const more = {
      returns: returnsNode(object, context),
      volatility: unlessUsual(volatility, 'volatile'),
      strict: flagNode(strict),
      leakproof: flagNode(leakproof),
      parallel: unlessUsual(parallel, 'unsafe'),
      cost: numberNode(cost),
      rows: numberNode(rows),
      support: support === undefined ? undefined : sqlNode(support),
      window: flagNode(window),
    };
    const name = routineName(object);
    const value = callNode('func', valueNode(name), routineLiteral(object, more, context));
    return [{ ...declarationOf(object, 'function', 'own', value), name }];
  },
};
