/** A folder of migrations as a source: proven equal to its lock, without a gap, and replayed. */
import { numberText } from '../sql/migrations-lock.ts';
import { dirname, join } from 'node:path';
import type { ReferenceTable } from '../model/declared.ts';
import { fail } from '../model/diagnostic.ts';
import { parseMigration, proveFiles, readMigrations, type FolderMigration } from '../migrate/folder.ts';
import { replay } from '../prove/replay.ts';
import { splitScript } from '../sql/script.ts';
import { readSnapshotHead } from '../workspace/snapshot.ts';
import { extensionsIn } from './extensions.ts';
import type { Source, SourceContext } from './source.ts';

/**
 * Throws a `DiagnosticError` for an edited or missing file, a gap in the numbers, and a step that does
 * not run. `chosen`: only the migrations of these names are replayed.
 */
export async function readMigrationsFolder(
  folder: string,
  name: string,
  context: SourceContext,
  chosen?: ReadonlySet<string>,
): Promise<Source> {
  const all = await readMigrations(folder);
  proveFiles(all, all);
  refuseGaps(all);
  const migrations = all.filter((migration) => chosen?.has(migration.name) !== false);
  const extensions = migrations.flatMap(({ read, file }) => extensionsIn(splitScript(read(), file)));
  return context.engines.spend([...new Set(extensions)].sort(), async (engine) => {
    const referenceTables = context.referenceTables ?? tablesNoted(folder, all);
    const { state, externals } = await replay(engine, migrations.map(parseMigration), referenceTables);
    const known = referenceTables === undefined ? {} : { referenceTables };
    return { source: 'migrations', name, state, spelled: engine.identity, externals: new Set(externals), ...known };
  });
}

/** No migration says which tables are lookup tables; the snapshot beside them does, where it belongs to the last one. */
function tablesNoted(folder: string, migrations: readonly FolderMigration[]): readonly ReferenceTable[] | undefined {
  const snapshot = readSnapshotHead(join(dirname(folder), 'snapshot.json'));
  return snapshot?.head === migrations.at(-1)?.chainedHash ? snapshot?.references : undefined;
}

function refuseGaps(migrations: readonly FolderMigration[]): void {
  migrations.forEach((migration, place) => {
    const previous = migrations[place - 1];
    if (previous === undefined || migration.number === previous.number + 1) return;
    const missing = numberText(previous.number + 1);
    fail('migration-gap', `there is no migration ${missing} between ${previous.name} and ${migration.name}`, {
      place: { file: migration.file, line: 1, column: 1 },
      hint: 'take the file and the lock back from git: git checkout -- generated/migrations; or number anew what was applied nowhere: npx schemac compile --rebase',
    });
  });
}
