/**
 * Writes the rows of a table to a file, one JSON object a line, compressed: what every tool reads, and
 * jsonb_populate_record takes back. The file has its name only once it is whole and on the disk.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Row } from '../migrate/connection.ts';

const compress = promisify(gzip);

/** How many rows are held in memory at a time. */
const batch = 1000;

export interface Exported {
  readonly file: string;
  readonly rows: number;
  /** Of the lines, not compressed. */
  readonly sha256: string;
}

/** A name that every file system takes. */
function fileName(relation: string): string {
  return `${relation.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}.jsonl.gz`;
}

/** Writes all rows in the transaction of the caller. Each batch is a member of the gzip file (RFC 1952, 2.2). */
export async function exportRows(ask: (sql: string) => Promise<readonly Row[]>, relation: string, folder: string): Promise<Exported> {
  await mkdir(folder, { recursive: true });
  const name = fileName(relation);
  const partial = join(folder, `${name}.partial`);
  const file = await open(partial, 'w');
  const hash = createHash('sha256');
  let rows = 0;
  try {
    await ask(`DECLARE exported NO SCROLL CURSOR FOR SELECT pg_catalog.to_json(r)::text FROM ONLY ${relation} r`);
    for (;;) {
      const found = await ask(`FETCH ${String(batch)} FROM exported`);
      if (found.length === 0) break;
      const text = found.map(([line]) => `${line ?? ''}\n`).join('');
      hash.update(text);
      rows += found.length;
      await file.write(await compress(text));
    }
    await ask('CLOSE exported');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, join(folder, name));
  return { file: name, rows, sha256: hash.digest('hex') };
}
