/**
 * The constants that stand in a condition, each with what stands before it: the raw material for
 * values that might satisfy it. Uses the lexer alone; whether a value fits PostgreSQL decides.
 */
import { nextToken } from '../sql/scan.ts';
import { textForLike, textForRegex } from './row-pattern.ts';

export interface Constants {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
}

/** The names among the given ones that an expression mentions, quoted or not. */
export function columnsIn(expression: string, names: readonly string[]): readonly string[] {
  const mentioned = new Set<string>();
  for (const { token, text } of tokensOf(expression)) {
    if (token === 'word') mentioned.add(text.toLowerCase());
    if (token === 'name') mentioned.add(text.slice(1, -1).replaceAll('""', '"'));
  }
  return names.filter((name) => mentioned.has(name));
}

/** The text and number constants of expressions, in order, each once; patterns become texts that match them. */
export function constantsIn(expressions: readonly string[]): Constants {
  const texts = new Set<string>();
  const numbers = new Set<string>();
  for (const expression of expressions) {
    let before = '';
    for (const { token, text } of tokensOf(expression)) {
      if (token === 'number') numbers.add(before.endsWith('-') ? `-${text}` : text);
      if (token === 'text') for (const value of valuesOf(readText(text), before)) texts.add(value);
      if (token === 'text' && /^'-?[0-9.]+'$/.test(text)) numbers.add(text.slice(1, -1));
      // What stands directly before a constant; parentheses between an operator and its operand do not count.
      if (token === 'symbol') before = '(['.includes(text) ? before : before + text;
      else before = token === 'word' ? text : '';
    }
  }
  return { texts: [...texts], numbers: [...numbers] };
}

function tokensOf(expression: string): readonly { readonly token: string; readonly text: string }[] {
  const tokens: { readonly token: string; readonly text: string }[] = [];
  for (
    let token = nextToken(expression, 0);
    token !== undefined && token.token !== 'unterminated';
    token = nextToken(expression, token.end)
  ) {
    tokens.push({ token: token.token, text: expression.slice(token.start, token.end) });
  }
  return tokens;
}

/** What a literal as pg_get_expr prints it stands for. */
function readText(literal: string): string {
  const body = literal.slice(literal.indexOf("'") + 1, -1).replaceAll("''", "'");
  return /^e/i.test(literal) ? body.replaceAll('\\\\', '\\') : body;
}

const variants = [0, 1, 2, 3, 4];

function valuesOf(text: string, before: string): readonly string[] {
  // PostgreSQL prints LIKE as ~~ and SIMILAR TO as ~ similar_to_escape(…).
  if (before.includes('~~')) return variants.map((variant) => textForLike(text, variant));
  if (before === 'similar_to_escape')
    return variants.map((variant) => textForRegex(text.replaceAll('%', '.*').replaceAll('_', '.'), variant));
  if (before.includes('~') || before.startsWith('regexp')) return variants.map((variant) => textForRegex(text, variant));
  return [text];
}
