/** What tests of undoing share: a run that goes down, and a database as it can be compared. */
import { undoPlanner } from '../../compiler/commands/undo-planner.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import type { MigrateOptions, MigrateResult } from '../../compiler/migrate/run.ts';
import { dumpSchema } from '../support/dump.ts';
import { describeDatabase } from './observe.ts';

export interface DownRequest extends Omit<MigrateOptions, 'action' | 'to'> {
  readonly to: number;
  readonly allow?: readonly string[];
  readonly fills?: { readonly [address: string]: string };
  readonly how?: 'apply' | 'dry-run';
}

/** Takes back what was applied after a number. */
export function down({ to, allow = [], fills = {}, how = 'apply', ...options }: DownRequest): Promise<MigrateResult> {
  const plan = undoPlanner({ generated: options.generated, fills: new Map(Object.entries(fills)) });
  return migrate({ ...options, action: { action: 'down', to, how, plan, allow } });
}

/** Every allowance that a run asked for. */
export function askedFor({ diagnostics }: MigrateResult): readonly string[] {
  return diagnostics.filter(({ code }) => code === 'data-loss').map(({ subject }) => `data-loss:${subject ?? ''}`);
}

/** The same where columns that came back stand behind the others: within a table lines are sorted. */
export function withoutColumnOrder(dump: string): string {
  return dump.replace(/^(CREATE (?:UNLOGGED )?TABLE .* \(\n)([\s\S]*?)(\n\))/gm, (_, head: string, lines: string, tail: string) => {
    const sorted = lines
      .split('\n')
      .map((line) => line.replace(/,$/, ''))
      .sort();
    return `${head}${sorted.join('\n')}${tail}`;
  });
}

/** The schema as pg_dump has it, or as the catalogs do where there is no pg_dump. */
export async function schemaOf(url: string): Promise<string> {
  const dump = await dumpSchema(url);
  if (dump !== undefined) return withoutColumnOrder(dump);
  const lines = (await describeDatabase(url)).filter((line) => !line.includes('pg.dropped'));
  return lines
    .map((line) => line.replace(/^(column|comment) (\S+ \S+) [1-9]\d* /, '$1 $2 '))
    .sort()
    .join('\n');
}
