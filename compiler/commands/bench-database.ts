/**
 * The database that is measured in: a scratch one that is dropped afterwards, or one that stays under a name,
 * so that what took an hour to fill can be measured again. What it holds is written in its comment.
 */
import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { openEngine, openKeptDatabase } from '../engine/open.ts';
import { fail } from '../model/diagnostic.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { fillDatabase, type Filled, type FillRequest } from '../workload/fill-database.ts';

export interface BenchDatabaseRequest extends FillRequest {
  readonly url: string;
  /** Stays under this name; dropped where absent. */
  readonly keptAs: string | undefined;
  readonly cacheFolder: string;
}

export interface BenchDatabase {
  readonly engine: Engine;
  readonly filled: Filled['seconds'];
}

/** What a kept database says of itself. */
interface Content {
  readonly digest: string;
  readonly filled: Filled['seconds'];
}

const mark = 'schemac bench ';

/** Opens a filled database; closing the engine drops a scratch one. Fails with `bench-database-differs` where the name holds something else. */
export async function openBenchDatabase(request: BenchDatabaseRequest): Promise<BenchDatabase> {
  const { url, keptAs } = request;
  if (keptAs === undefined) return filledIn(await openEngine({ using: url, cacheFolder: request.cacheFolder }), request);
  const { engine, isNew } = await openKeptDatabase(url, keptAs);
  if (isNew) {
    const database = await filledIn(engine, request);
    const content: Content = { digest: digestOf(request), filled: database.filled };
    await engine.execute(`COMMENT ON DATABASE ${quoteName(keptAs)} IS ${quoteText(mark + JSON.stringify(content))}`);
    return database;
  }
  const [row] = await engine.query(
    `SELECT pg_catalog.shobj_description(oid, 'pg_database') AS content FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
  );
  const text = row?.['content'] ?? '';
  const content = text.startsWith(mark) ? (JSON.parse(text.slice(mark.length)) as Content) : undefined;
  if (content?.digest === digestOf(request)) return { engine, filled: content.filled };
  await engine.close();
  return fail(
    'bench-database-differs',
    `the database "${keptAs}" holds ${content === undefined ? 'something else' : 'other rows or another schema'}`,
    {
      hint: 'drop it yourself if nobody needs it, or give another name with --keep',
    },
  );
}

async function filledIn(engine: Engine, request: FillRequest): Promise<BenchDatabase> {
  try {
    const { seconds } = await fillDatabase(engine, request);
    return { engine, filled: seconds };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function digestOf({ declared, volumes, seed }: FillRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([declared.objects, [...volumes], seed]))
    .digest('hex')
    .slice(0, 16);
}
