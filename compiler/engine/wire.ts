/**
 * PostgreSQL's simple query protocol, as far as an in-process server needs it: one message out, the
 * rows or the error out of the bytes that come back. In this protocol every value travels as the
 * text that PostgreSQL prints, so nothing here converts types (manual: "Frontend/Backend Protocol").
 */
import { columnNames, PostgresError, type EngineRow } from './engine.ts';

export interface WireResult {
  readonly rows: readonly EngineRow[];
  readonly error: PostgresError | undefined;
  /** Whether the server is there no more: a FATAL error, or no word of how the command ended. */
  readonly ended: boolean;
}

/** The messages that ask the server to run SQL text. */
export function queryMessage(sql: string): Uint8Array {
  const length = Buffer.byteLength(sql);
  const message = Buffer.alloc(length + 6);
  message[0] = 0x51;
  message.writeUInt32BE(length + 5, 1);
  message.write(sql, 5);
  return /\bcopy\b/i.test(sql) ? Buffer.concat([message, copyFailMessage]) : message;
}

/**
 * Refuses to send data, should the SQL be COPY FROM STDIN, which would otherwise read the end of its
 * input and end the session. Outside of a copy the server ignores the message.
 */
const copyFailMessage = Buffer.concat([Buffer.from([0x66, 0, 0, 0, 33]), Buffer.from('COPY FROM STDIN has no data.\0')]);

/** A column of a prepared statement's result; `table` and `attribute` are 0 where it is no plain column. */
export interface ResultColumn {
  readonly name: string;
  readonly table: number;
  readonly attribute: number;
  /** The type's oid. */
  readonly type: number;
}

/** The types of a prepared statement's parameters, by oid, and the columns of its result. */
export interface StatementDescription {
  readonly parameters: readonly number[];
  readonly columns: readonly ResultColumn[];
}

/** The messages that ask what a statement is that PREPARE has made: Describe and Sync. */
export function describeMessage(name: string): Uint8Array {
  const length = Buffer.byteLength(name) + 6;
  const head = Buffer.from([0x44, 0, 0, 0, length, 0x53]);
  return Buffer.concat([head, Buffer.from(`${name}\0`), Buffer.from([0x53, 0, 0, 0, 4])]);
}

/** Reads what comes back: ParameterDescription, then RowDescription where there is a result. */
export function readDescription(answer: Buffer): StatementDescription {
  let parameters: readonly number[] = [];
  let columns: readonly ResultColumn[] = [];
  for (let position = 0; position + 5 <= answer.length;) {
    const type = String.fromCharCode(answer[position] ?? 0);
    const start = position + 5;
    position += 1 + answer.readUInt32BE(position + 1);
    if (type === 't') {
      parameters = Array.from({ length: answer.readUInt16BE(start) }, (_, at) => answer.readUInt32BE(start + 2 + at * 4));
    } else if (type === 'T') columns = readResultColumns(answer, start);
    else if (type === 'E') throw readError(answer, start);
  }
  return { parameters, columns };
}

function readResultColumns(answer: Buffer, start: number): readonly ResultColumn[] {
  const columns: ResultColumn[] = [];
  let position = start + 2;
  for (let left = answer.readUInt16BE(start); left > 0; left -= 1) {
    const end = answer.indexOf(0, position);
    columns.push({
      name: answer.toString('utf8', position, end),
      table: answer.readUInt32BE(end + 1),
      attribute: answer.readUInt16BE(end + 5),
      type: answer.readUInt32BE(end + 7),
    });
    position = end + 19;
  }
  return columns;
}

/** Reads a whole answer: the rows of the last statement that had any, and the first error. */
export function readAnswer(answer: Buffer): WireResult {
  let columns: readonly string[] = [];
  let rows: EngineRow[] = [];
  let error: PostgresError | undefined;
  let ended = true;
  for (let position = 0; position + 5 <= answer.length;) {
    const type = String.fromCharCode(answer[position] ?? 0);
    const start = position + 5;
    position += 1 + answer.readUInt32BE(position + 1);
    if (type === 'T') {
      columns = readColumns(answer, start);
      rows = [];
    } else if (type === 'D') rows.push(readRow(answer, start, columns));
    else if (type === 'E') error ??= readError(answer, start);
    else if (type === 'Z') ended = false;
  }
  return { rows, error, ended };
}

function readColumns(answer: Buffer, start: number): readonly string[] {
  const columns: string[] = [];
  let position = start + 2;
  for (let left = answer.readUInt16BE(start); left > 0; left -= 1) {
    const end = answer.indexOf(0, position);
    columns.push(answer.toString('utf8', position, end));
    // Table, attribute, type, size, modifier, format: 18 bytes that text does not need.
    position = end + 19;
  }
  return columnNames(columns);
}

function readRow(answer: Buffer, start: number, columns: readonly string[]): EngineRow {
  const row: Record<string, string | null> = {};
  let position = start + 2;
  for (const column of columns) {
    const length = answer.readInt32BE(position);
    position += 4;
    row[column] = length < 0 ? null : answer.toString('utf8', position, position + length);
    position += Math.max(length, 0);
  }
  return row;
}

function readError(answer: Buffer, start: number): PostgresError {
  const fields: Record<string, string> = {};
  for (let position = start; answer[position];) {
    const end = answer.indexOf(0, position);
    fields[String.fromCharCode(answer[position] ?? 0)] = answer.toString('utf8', position + 1, end);
    position = end + 1;
  }
  const place = fields['P'] === undefined ? undefined : Number(fields['P']);
  const code = fields['C'] ?? 'XX000';
  return new PostgresError(fields['M'] ?? 'unknown error', { code, position: place, detail: fields['D'], hint: fields['H'] });
}
