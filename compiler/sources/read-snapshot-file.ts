/** A snapshot.json as a source: trusted only where its own digest says that nobody touched it. */
import { fail } from '../model/diagnostic.ts';
import { readSnapshot } from '../workspace/snapshot.ts';
import type { Source } from './source.ts';

/** Throws `snapshot-unreadable` for a file that is no snapshot, was edited, or was written by another version. */
export function readSnapshotFile(file: string, name: string): Source {
  const snapshot = readSnapshot(file);
  if (snapshot === undefined)
    return fail(
      'snapshot-unreadable',
      `${name} is no snapshot that can be trusted: it was edited, or another version of schemac wrote it`,
      {
        place: { file: name, line: 1, column: 1 },
        hint: 'npx schemac compile writes it anew; or give the folder of migrations as the source, which is replayed',
      },
    );
  const major = Number(/PostgreSQL (\d+)/.exec(snapshot.engine)?.[1] ?? 0);
  return {
    source: 'snapshot',
    name,
    state: snapshot.state,
    spelled: { name: snapshot.engine, major },
    externals: new Set(snapshot.externals),
    ...(snapshot.references === undefined ? {} : { referenceTables: snapshot.references }),
  };
}
