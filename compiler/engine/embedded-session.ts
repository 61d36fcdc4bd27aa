/**
 * The one session of an embedded PostgreSQL: SQL text in, rows of text or a PostgresError out. It
 * knows when the server inside has ended; nothing here opens, keeps or closes one.
 */
import type { PGlite } from '@electric-sql/pglite';
import { PostgresError, type EngineRow } from './engine.ts';
import { queryMessage, readAnswer } from './wire.ts';

export interface EmbeddedSession {
  readonly run: (sql: string) => Promise<readonly EngineRow[]>;
}

/** 54001 statement_too_complex: what ends a session that PostgreSQL itself did not end. */
const overflow = 'the embedded PostgreSQL ended while it ran this: most likely it nests too deep for the stack';
const gone = 'the embedded PostgreSQL ended at an earlier statement';

export function embeddedSession(database: PGlite): EmbeddedSession {
  let ended = false;
  return {
    run: async (sql) => {
      if (ended) throw new PostgresError(gone, { code: '57P01' });
      const chunks: Buffer[] = [];
      // The bytes are a view of memory that the server reuses.
      const onRawData = (bytes: Uint8Array): void => void chunks.push(Buffer.from(bytes));
      await database.execProtocolRawStream(queryMessage(sql), { syncToFs: false, onRawData });
      const answer = readAnswer(Buffer.concat(chunks));
      ended = answer.ended;
      if (answer.error) throw answer.error;
      if (ended) throw new PostgresError(overflow, { code: '54001' });
      return answer.rows;
    },
  };
}
