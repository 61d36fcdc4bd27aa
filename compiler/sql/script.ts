/**
 * Splits the text of an SQL script into statements and psql commands, at the places where psql and
 * PostgreSQL's own parser split it. It knows what ends a statement and nothing of what one means;
 * no text is ever changed here.
 */
import { fail } from '../model/diagnostic.ts';
import type { Place } from '../model/diagnostic.ts';
import { nextToken } from './scan.ts';
import type { Token } from './scan.ts';

export interface CommentLine {
  /** Without the two dashes and the space after them. */
  readonly text: string;
  readonly line: number;
}

export interface ScriptStatement {
  readonly item: 'statement';
  /** From its first to its last token, without the terminator. */
  readonly sql: string;
  /** `end`: the last statement of a script may lack its semicolon; psql runs it all the same. */
  readonly terminator: ';' | '\\gexec' | 'end';
  readonly offset: number;
  /** Counts from 1, as `column` does. */
  readonly line: number;
  readonly column: number;
  /** The `--` lines between the item before and this statement. */
  readonly comments: readonly CommentLine[];
}

export interface ScriptCommand {
  readonly item: 'command';
  /** Without the backslash: `set`. */
  readonly command: string;
  readonly argument: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly comments: readonly CommentLine[];
}

export type ScriptItem = ScriptStatement | ScriptCommand;

/** The line and column of an offset; lines end with a line feed. */
export function placeOf(text: string, offset: number, file: string): Place {
  let line = 1;
  let lineStart = 0;
  for (let feed = text.indexOf('\n'); feed !== -1 && feed < offset; feed = text.indexOf('\n', feed + 1)) {
    line += 1;
    lineStart = feed + 1;
  }
  return { file, line, column: offset - lineStart + 1 };
}

/** Counts lines forward, so that a long script is not read again for every item. */
function placeCounter(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let feed = text.indexOf('\n', lineStart); feed !== -1 && feed < offset; feed = text.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = feed + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}

/** The statement that is being read, and what decides where it ends. */
interface Pending {
  readonly start: number;
  readonly firstWord: string;
  readonly line: number;
  readonly column: number;
  end: number;
  previousWord: string;
  readonly openParentheses: number[];
  /** Where BEGIN ATOMIC stands whose END has not come yet. */
  atomic: number | undefined;
  /** Whether the next token begins a statement of a BEGIN ATOMIC body. */
  atBodyStart: boolean;
  /** COPY … FROM STDIN: the lines after it are rows. */
  takesRows: boolean;
}

function takeWord(pending: Pending, word: string, start: number): void {
  // The END of a body can only stand where a statement of the body could begin: statements that begin
  // with END are kept out of the grammar there (gram.y since 14), and CASE … END never follows a semicolon.
  if (pending.atomic !== undefined && pending.atBodyStart && word === 'end') pending.atomic = undefined;
  if (pending.firstWord === 'create' && pending.previousWord === 'begin' && word === 'atomic') {
    pending.atomic = start;
    pending.atBodyStart = true;
  } else {
    pending.atBodyStart = false;
  }
}

function take(pending: Pending, token: Token, text: string): void {
  const raw = text.slice(token.start, token.end);
  const word = token.token === 'word' ? raw.toLowerCase() : '';
  if (token.token === 'word') {
    takeWord(pending, word, token.start);
  } else {
    pending.atBodyStart = raw === ';' && pending.openParentheses.length === 0;
    if (raw === '(') pending.openParentheses.push(token.start);
    if (raw === ')') pending.openParentheses.pop();
  }
  pending.previousWord = word;
  pending.end = token.end;
}

class Splitter {
  readonly items: ScriptItem[] = [];
  private comments: CommentLine[] = [];
  private pending: Pending | undefined;
  private readonly placeAt: (offset: number) => { readonly line: number; readonly column: number };
  private readonly text: string;
  private readonly file: string;
  private readonly rows: RowsInScript;

  constructor(text: string, file: string, rows: RowsInScript) {
    this.text = text;
    this.file = file;
    this.rows = rows;
    this.placeAt = placeCounter(text);
  }

  split(): readonly ScriptItem[] {
    let token = nextToken(this.text, 0);
    while (token !== undefined) {
      if (token.token === 'unterminated') this.refuse('unterminated', `this ${token.what} never ends`, token.start);
      token = nextToken(this.text, this.accept(token));
    }
    if (this.pending !== undefined) this.finish(this.pending, 'end');
    return this.items;
  }

  /** Takes one token in; returns where to go on. */
  private accept(token: Token): number {
    if (token.token === 'backslash') return this.acceptCommand(token);
    if (token.token === 'line-comment') {
      if (this.pending === undefined) {
        const text = this.text.slice(token.start + 2, token.end);
        this.comments.push({ text: text.startsWith(' ') ? text.slice(1) : text, line: this.placeAt(token.start).line });
      }
      return token.end;
    }
    if (token.token === 'block-comment') return token.end;
    if (this.isTerminator(token)) {
      const { pending } = this;
      if (pending?.takesRows === true) return this.skipRows(pending, token.end);
      if (pending !== undefined) this.finish(pending, ';');
      return token.end;
    }
    this.pending ??= this.begin(token);
    this.noticeCopy(this.pending, token);
    take(this.pending, token, this.text);
    return token.end;
  }

  private isTerminator(token: Token): boolean {
    if (token.token !== 'symbol' || this.text[token.start] !== ';') return false;
    return this.pending === undefined || (this.pending.atomic === undefined && this.pending.openParentheses.length === 0);
  }

  private begin(token: Token): Pending {
    return {
      start: token.start,
      firstWord: token.token === 'word' ? this.text.slice(token.start, token.end).toLowerCase() : '',
      ...this.placeAt(token.start),
      end: token.end,
      previousWord: '',
      openParentheses: [],
      atomic: undefined,
      atBodyStart: false,
      takesRows: false,
    };
  }

  private acceptCommand(token: Token): number {
    const feed = this.text.indexOf('\n', token.start);
    const end = feed === -1 ? this.text.length : feed;
    const parts = /^(\S*)\s*(.*?)\s*$/s.exec(this.text.slice(token.end, end));
    const command = parts?.[1] ?? '';
    const argument = parts?.[2] ?? '';
    if (command === 'gexec') {
      if (this.pending === undefined)
        this.refuse('psql-command', '\\gexec stands after no query', token.start, 'write \\gexec in the place of the semicolon of a query');
      if (argument !== '') this.refuse('psql-command', `\\gexec takes no argument, but '${argument}' follows`, token.start);
      this.finish(this.pending, '\\gexec');
    } else {
      if (this.pending !== undefined)
        this.refuse(
          'psql-command',
          `the psql command \\${command} stands inside a statement`,
          token.start,
          'end the statement before it with a semicolon',
        );
      this.items.push({ item: 'command', command, argument, offset: token.start, ...this.placeAt(token.start), comments: this.comments });
      this.comments = [];
    }
    return end;
  }

  private noticeCopy(pending: Pending, token: Token): void {
    if (pending.firstWord !== 'copy' || pending.previousWord !== 'from' || pending.openParentheses.length > 0) return;
    if (token.token !== 'word' || this.text.slice(token.start, token.end).toLowerCase() !== 'stdin') return;
    if (this.rows === 'refused')
      this.refuse('copy-from-stdin', 'COPY … FROM STDIN reads rows out of the script', pending.start, 'write INSERT statements');
    pending.takesRows = true;
  }

  /** Rows go from the next line to a line of `\\.`; the statement is no item. Returns where to go on. */
  private skipRows(pending: Pending, from: number): number {
    this.pending = undefined;
    this.comments = [];
    const end = /^\\\.[ \t]*\r?$/m.exec(this.text.slice(from));
    if (end === null) this.refuse('unterminated', 'the rows of this COPY never end with a line of \\.', pending.start);
    return from + end.index + end[0].length;
  }

  private finish(pending: Pending, terminator: ScriptStatement['terminator']): void {
    const open = pending.openParentheses.at(-1);
    if (open !== undefined) this.refuse('unterminated', 'this parenthesis is never closed', open);
    if (pending.atomic !== undefined) this.refuse('unterminated', 'this BEGIN ATOMIC has no END', pending.atomic);
    const { start, end, line, column } = pending;
    this.items.push({
      item: 'statement',
      sql: this.text.slice(start, end),
      terminator,
      offset: start,
      line,
      column,
      comments: this.comments,
    });
    this.pending = undefined;
    this.comments = [];
  }

  private refuse(code: string, message: string, offset: number, hint?: string): never {
    fail(code, message, { place: placeOf(this.text, offset, this.file), ...(hint === undefined ? {} : { hint }) });
  }
}

/** Whether COPY … FROM STDIN is a mistake, or is left out with its rows: of a dump only the schema may be wanted. */
export type RowsInScript = 'refused' | 'left out';

/**
 * The statements and psql commands of a script, in order; empty statements are left out. Throws a
 * `DiagnosticError` with the place for a quote, comment, parenthesis or BEGIN ATOMIC that never ends,
 * for COPY FROM STDIN, and for a psql command inside a statement.
 * @param file the name that messages show.
 */
export function splitScript(text: string, file: string, rows: RowsInScript = 'refused'): readonly ScriptItem[] {
  // A byte order mark is a letter to PostgreSQL; psql drops it at the beginning of a file.
  const clean = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  return new Splitter(clean, file, rows).split();
}
