/**
 * The one session of an embedded PostgreSQL: SQL text in, rows of text or a PostgresError out. It
 * knows when the server inside has ended; nothing here opens, keeps or closes one.
 */
import type { PGlite } from '@electric-sql/pglite';
import { PostgresError, type EngineRow } from './engine.ts';
import { describeMessage, queryMessage, readAnswer, readDescription, type StatementDescription } from './wire.ts';

export interface EmbeddedSession {
  readonly run: (sql: string) => Promise<readonly EngineRow[]>;
  /** What PREPARE has made of a statement. */
  readonly describe: (name: string) => Promise<StatementDescription>;
}

/** 54001 statement_too_complex: what ends a session that PostgreSQL itself did not end. */
const overflow = 'the embedded PostgreSQL ended while it ran this: most likely it nests too deep for the stack';
const gone = 'the embedded PostgreSQL ended at an earlier statement';

export function embeddedSession(database: PGlite): EmbeddedSession {
  let ended = false;
  const send = async (message: Uint8Array): Promise<Buffer> => {
    if (ended) throw new PostgresError(gone, { code: '57P01' });
    const chunks: Buffer[] = [];
    // The bytes are a view of memory that the server reuses.
    const onRawData = (bytes: Uint8Array): void => void chunks.push(Buffer.from(bytes));
    await database.execProtocolRawStream(message, { syncToFs: false, onRawData });
    return Buffer.concat(chunks);
  };
  return {
    describe: async (name) => readDescription(await send(describeMessage(name))),
    run: async (sql) => {
      const answer = readAnswer(await send(queryMessage(sql)));
      ended = answer.ended;
      if (answer.error) throw answer.error;
      if (ended) throw new PostgresError(overflow, { code: '54001' });
      return answer.rows;
    },
  };
}
