/**
 * Cuts SQL text into PostgreSQL's lexical tokens (manual §4.1): quotes of every form, dollar quotes,
 * nested comments, words. It knows where a token ends and nothing of grammar; whoever needs to find
 * semicolons, words or comments outside quotes builds on this, and never on a regular expression.
 */

export type TokenKind = 'word' | 'name' | 'text' | 'number' | 'parameter' | 'symbol' | 'line-comment' | 'block-comment' | 'backslash';

export interface Token {
  readonly token: TokenKind;
  /** Offsets in the text, in UTF-16 units; `end` is past the last one. */
  readonly start: number;
  readonly end: number;
}

/** A quote or comment that never ends. */
export interface Unterminated {
  readonly token: 'unterminated';
  readonly start: number;
  readonly what: string;
}

// PostgreSQL counts every byte above 127 as a letter (scan.l, ident_start), so every such character is one.
const space = /[ \t\n\r\f\v]+/y;
const lineComment = /--[^\n\r]*/y;
const blockCommentEdge = /\/\*|\*\//g;
const prefixedText = /(?:[eE]|[bBxXnN]|[uU]&)(?=')/y;
const prefixedName = /[uU]&(?=")/y;
const dollarTag = /\$(?:[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*)?\$/y;
const word = /[A-Za-z_\x80-\uffff][A-Za-z0-9_$\x80-\uffff]*/y;
const number = /[0-9][A-Za-z0-9_.\x80-\uffff]*/y;
const parameter = /\$[0-9]+/y;
// Two texts with a line end between them are one text, and the second one keeps the form of the first (§4.1.2.1).
const continuedText = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]+|--[^\n\r]*[\n\r])*'/y;

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function blockCommentEnd(text: string, start: number): number | undefined {
  blockCommentEdge.lastIndex = start;
  let depth = 0;
  for (let edge = blockCommentEdge.exec(text); edge !== null; edge = blockCommentEdge.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return blockCommentEdge.lastIndex;
  }
  return undefined;
}

/** Past the closing quote of what opens at `open`; a doubled quote stands for itself. */
function quoteEnd(text: string, open: number, quote: string): number | undefined {
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at + 1;
  }
  return undefined;
}

/** As quoteEnd, where a backslash also takes the next character along: E'…'. */
function escapedQuoteEnd(text: string, open: number): number | undefined {
  for (let at = open + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === "'") {
      if (text[at + 1] !== "'") return at + 1;
      at += 1;
    }
  }
  return undefined;
}

function textEnd(text: string, open: number, escapes: 'backslash' | 'none'): number | undefined {
  let quote = open;
  for (;;) {
    const end = escapes === 'backslash' ? escapedQuoteEnd(text, quote) : quoteEnd(text, quote, "'");
    if (end === undefined) return undefined;
    const continued = matchEnd(continuedText, text, end);
    if (continued === undefined) return end;
    quote = continued - 1;
  }
}

function ended(token: TokenKind, start: number, end: number | undefined, what: string): Token | Unterminated {
  return end === undefined ? { token: 'unterminated', start, what } : { token, start, end };
}

function quotedToken(text: string, at: number): Token | Unterminated | undefined {
  const prefix = matchEnd(prefixedText, text, at) ?? (text[at] === "'" ? at : undefined);
  if (prefix !== undefined) {
    const escapes = prefix === at + 1 && text[at]?.toLowerCase() === 'e' ? 'backslash' : 'none';
    return ended('text', at, textEnd(text, prefix, escapes), 'quoted text');
  }
  const name = matchEnd(prefixedName, text, at) ?? (text[at] === '"' ? at : undefined);
  if (name !== undefined) return ended('name', at, quoteEnd(text, name, '"'), 'quoted name');
  const tagEnd = text[at] === '$' ? matchEnd(dollarTag, text, at) : undefined;
  if (tagEnd === undefined) return undefined;
  const tag = text.slice(at, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  return ended('text', at, close === -1 ? undefined : close + tag.length, `dollar-quoted text ${tag}`);
}

function plainToken(text: string, at: number): Token {
  const candidates: readonly (readonly [TokenKind, RegExp])[] = [
    ['word', word],
    ['number', number],
    ['parameter', parameter],
  ];
  for (const [token, pattern] of candidates) {
    const end = matchEnd(pattern, text, at);
    if (end !== undefined) return { token, start: at, end };
  }
  return { token: text[at] === '\\' ? 'backslash' : 'symbol', start: at, end: at + 1 };
}

/**
 * The token that begins at or after `at`, white space skipped; `undefined` at the end of the text.
 * Assumes standard_conforming_strings = on, PostgreSQL's default since 9.1.
 */
export function nextToken(text: string, at: number): Token | Unterminated | undefined {
  const start = matchEnd(space, text, at) ?? at;
  if (start >= text.length) return undefined;
  const comment = matchEnd(lineComment, text, start);
  if (comment !== undefined) return { token: 'line-comment', start, end: comment };
  if (text.startsWith('/*', start)) return ended('block-comment', start, blockCommentEnd(text, start), 'comment');
  return quotedToken(text, start) ?? plainToken(text, start);
}

/** The first words of a statement in lower case, comments and quoted names left out; stops at a symbol. */
export function leadingWords(sql: string, count: number): readonly string[] {
  const words: string[] = [];
  let token = nextToken(sql, 0);
  while (token !== undefined && token.token !== 'unterminated' && words.length < count) {
    if (token.token === 'word') words.push(sql.slice(token.start, token.end).toLowerCase());
    else if (token.token !== 'line-comment' && token.token !== 'block-comment') break;
    token = nextToken(sql, token.end);
  }
  return words;
}

/** Every unquoted word of a text in lower case, comments and quotes left out. */
export function unquotedWords(sql: string): ReadonlySet<string> {
  const words = new Set<string>();
  let token = nextToken(sql, 0);
  while (token !== undefined && token.token !== 'unterminated') {
    if (token.token === 'word') words.add(sql.slice(token.start, token.end).toLowerCase());
    token = nextToken(sql, token.end);
  }
  return words;
}
