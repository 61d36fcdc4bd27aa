/**
 * `:name` parameters in SQL text, as psql and most libraries write them, become `$1`: found by
 * PostgreSQL's own tokens, so that a text, a comment or a cast (`::date`) holds none.
 */
import { nextToken, type Token, type Unterminated } from './scan.ts';

export interface NumberedSql {
  readonly text: string;
  /** In the order of their numbers. */
  readonly names: readonly string[];
  /** The offset in the original text of an offset in `text`. */
  readonly originalOffset: (offset: number) => number;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Numbers the parameters in the order in which they first appear. */
export function numberParameters(sql: string): NumberedSql {
  const found = replacements(sql);
  const names = [...new Set(found.map(({ name }) => name))];
  let text = '';
  let done = 0;
  const shifts: { readonly at: number; readonly original: number }[] = [];
  for (const { start, end, name } of found) {
    text += `${sql.slice(done, start)}$${names.indexOf(name) + 1}`;
    shifts.push({ at: text.length, original: end });
    done = end;
  }
  text += sql.slice(done);
  return {
    text,
    names,
    originalOffset: (offset) => {
      const shift = shifts.findLast(({ at }) => at <= offset) ?? { at: 0, original: 0 };
      const within = shift.original + (offset - shift.at);
      const next = found.find(({ start }) => start >= shift.original);
      return next !== undefined && within > next.start ? next.start : within;
    },
  };
}

function replacements(sql: string): readonly Replacement[] {
  const found: Replacement[] = [];
  let colon: Token | undefined;
  let token: Token | Unterminated | undefined = nextToken(sql, 0);
  while (token !== undefined && token.token !== 'unterminated') {
    if (token.token === 'word' && colon?.end === token.start) {
      found.push({ start: colon.start, end: token.end, name: sql.slice(token.start, token.end) });
    }
    const isColon = token.token === 'symbol' && sql[token.start] === ':';
    // Two in a row are a cast.
    colon = isColon && colon?.end !== token.start ? token : undefined;
    token = nextToken(sql, token.end);
  }
  return found;
}
