/**
 * The words with which a statement begins, for telling what it is about. Knows no statement; what
 * stands in quotes keeps its letters, what does not is lower case, as PostgreSQL reads it.
 */
import { nextToken } from '../sql/scan.ts';

export interface Word {
  /** Lower case for what stands unquoted. */
  readonly text: string;
  readonly form: 'word' | 'name' | 'symbol';
}

/** So many words, symbols and names; comments, texts and numbers are left out. */
export function headWords(sql: string, count: number): readonly Word[] {
  const words: Word[] = [];
  let token = nextToken(sql, 0);
  while (token !== undefined && token.token !== 'unterminated' && words.length < count) {
    const raw = sql.slice(token.start, token.end);
    if (token.token === 'word') words.push({ text: raw.toLowerCase(), form: 'word' });
    else if (token.token === 'name')
      words.push({ text: raw.slice(1, -1).replaceAll('""', '"'), form: raw.startsWith('"') ? 'name' : 'symbol' });
    else if (token.token === 'symbol') words.push({ text: raw, form: 'symbol' });
    token = nextToken(sql, token.end);
  }
  return words;
}

/** Takes keywords off the front where they stand there. */
export function skipWords(words: readonly Word[], ...keywords: readonly string[]): readonly Word[] | undefined {
  const matches = keywords.every((keyword, index) => words[index]?.form === 'word' && words[index].text === keyword);
  return matches ? words.slice(keywords.length) : undefined;
}

/** A name with its qualifiers, and what follows it. */
export function takePath(words: readonly Word[]): { readonly path: readonly string[]; readonly rest: readonly Word[] } | undefined {
  const path: string[] = [];
  for (let at = 0; ; at += 2) {
    const part = words[at];
    if (part === undefined || part.form === 'symbol') return undefined;
    path.push(part.text);
    if (words[at + 1]?.text !== '.' || words[at + 1]?.form !== 'symbol') return { path, rest: words.slice(at + 1) };
  }
}
