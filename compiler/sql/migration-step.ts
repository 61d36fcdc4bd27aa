/**
 * What a statement of a migration file is: a step, as its comment says or as its words suggest, or
 * one of the statements that open and close transactions. Looks at one statement at a time.
 */
import { parseAddress } from '../model/address.ts';
import { fail, type Place } from '../model/diagnostic.ts';
import type { Carried, Step } from '../model/statement.ts';
import { batchSetting } from './batched-update.ts';
import { leadingWords, unquotedWords } from './scan.ts';
import type { ScriptStatement } from './script.ts';

const stepLine = /^step (\d+) (transactional|concurrent|validate|backfill|expand): ?(.*)$/s;

export interface StepComment {
  readonly number: number;
  readonly step: Step;
  readonly purpose: string;
  readonly probe?: string;
  /** The address of the table that a backfill goes through batch by batch. */
  readonly batches?: string;
  readonly carries?: Carried;
}

/** Whether the comment lines before a statement say which step it is. */
export function hasStepComment(statement: ScriptStatement): boolean {
  return statement.comments.some((comment) => stepLine.test(comment.text));
}

function readCarried(text: string, line: number, file: string): Carried {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'object' in value && 'attribute' in value && 'value' in value)
      return value as Carried;
  } catch {
    // Refused below, in the same words as JSON of another shape.
  }
  return fail('migration-format', `'carries:' needs {"object":…,"attribute":…,"value":…}, but '${text}' stands there`, {
    place: { file, line, column: 1 },
  });
}

/** A block that does not ask which batch it is to run would be run whole, once for each. */
function readBatches(text: string, sql: string, place: Place): string {
  const address = text.trim();
  if (parseAddress(address)?.path.length !== 2)
    return fail('migration-format', `'batches: ${text}' names no table`, {
      place,
      hint: "write the table that the block goes through, as in 'batches: table public.digests'",
    });
  if (!sql.includes(batchSetting))
    return fail('migration-format', `the block under 'batches: ${text}' never reads the setting ${batchSetting}`, {
      place,
      hint: `leave the line out, and the block runs as a whole; or run one range of pages where ${batchSetting} is 'OID FROM UNTIL', and commit nothing then`,
    });
  return address;
}

/** What the comment lines before a statement say of its step, where they say anything. */
export function readStepComment(statement: ScriptStatement, file: string): StepComment | undefined {
  const at = statement.comments.findLastIndex((comment) => stepLine.test(comment.text));
  const match = stepLine.exec(statement.comments[at]?.text ?? '');
  if (match === null) return undefined;
  let more: { probe?: string; batches?: string; carries?: Carried } = {};
  for (const comment of statement.comments.slice(at + 1)) {
    const label = /^(probe|batches|carries): (.*)$/s.exec(comment.text);
    if (label?.[1] === 'probe') more = { ...more, probe: (label[2] ?? '').trim() };
    if (label?.[1] === 'batches')
      more = { ...more, batches: readBatches(label[2] ?? '', statement.sql, { file, line: comment.line, column: 1 }) };
    if (label?.[1] === 'carries') more = { ...more, carries: readCarried(label[2] ?? '', comment.line, file) };
  }
  return { number: Number(match[1]), step: match[2] as Step, purpose: (match[3] ?? '').trim(), ...more };
}

/** The kind of a step that nobody named, and its purpose from the comment just before it. */
export function guessStep(statement: ScriptStatement, number: number, place: 'block' | 'bare'): StepComment {
  const comment = statement.comments.at(-1);
  const purpose = comment?.line === statement.line - 1 ? comment.text.trim() : firstLine(statement.sql);
  const step = place === 'block' ? guessBlockKind(statement.sql) : guessStepKind(statement.sql);
  return { number, step: statement.terminator === '\\gexec' ? 'expand' : step, purpose };
}

/** Inside BEGIN … COMMIT anything may stand that PostgreSQL does not refuse there; these it always refuses. */
function guessBlockKind(sql: string): Step {
  const builds = ['create', 'drop', 'reindex', 'alter'].includes(leadingWords(sql, 1)[0] ?? '');
  return builds && unquotedWords(sql).has('concurrently') ? 'concurrent' : 'transactional';
}

/** How a statement outside any transaction that nobody described must run, from its first words. */
export function guessStepKind(sql: string): Step {
  const first = leadingWords(sql, 1)[0] ?? '';
  // These cannot run inside a transaction (manual: VACUUM, CREATE DATABASE, ALTER SYSTEM, CONCURRENTLY forms).
  if (['vacuum', 'reindex', 'cluster'].includes(first) || /^(create|drop|alter)\s+(database|tablespace|system|subscription)\b/i.test(sql))
    return 'concurrent';
  // DO and CALL may commit inside; in a transaction they could not.
  if (first === 'do' || first === 'call') return 'backfill';
  return first !== 'select' && unquotedWords(sql).has('concurrently') ? 'concurrent' : 'transactional';
}

/** A statement's first line, cut to what fits into a message. */
export function firstLine(sql: string): string {
  const line = sql.split('\n', 1)[0] ?? '';
  return line.length > 72 ? `${line.slice(0, 71)}…` : line;
}

/** What a statement does to the transactions of a file. */
export type Control = 'begin' | 'commit' | 'rollback' | 'setting' | 'other';

/** Tells BEGIN, COMMIT and their like, and settings, from the statements that are steps. */
export function controlOf(sql: string): Control {
  const [first = '', second = '', third = ''] = leadingWords(sql, 3);
  if (first === 'begin' || (first === 'start' && second === 'transaction')) return 'begin';
  if ((first === 'commit' || first === 'end') && second !== 'prepared') return 'commit';
  if (first === 'abort' || (first === 'prepare' && second === 'transaction')) return 'rollback';
  if (first === 'rollback' && second !== 'to' && third !== 'to' && second !== 'prepared') return 'rollback';
  return first === 'set' || first === 'reset' ? 'setting' : 'other';
}
