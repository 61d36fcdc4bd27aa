/**
 * The rules of online-safe changes, a row each: what a change of a table that nobody declared small
 * comes to, on a plain table and on a partitioned one. A step is its kind, the strongest lock that it
 * takes on the table (AX AccessExclusive, SRX ShareRowExclusive, S Share, SUX ShareUpdateExclusive),
 * and whether it rewrites or reads every row; `after:` stands before what waits for the deploy.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import { lockModes, type Statement } from '../../compiler/model/statement.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { loadText, statesOnServer } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { rules, type Steps } from './rules.ts';

const words = 'bigint, integer, list, numeric, project, references, sql, table, text, timestamptz, uuid, varchar';

const partitions = `partitionBy: list('region', { children: { NAME_eu: { values: ['eu'] }, NAME_us: { values: ['us'] } } })`;

function tableText(name: string, form: 'plain' | 'partitioned', columns: string, more: string): string {
  const key = /primaryKey/.test(more) || more.includes('no key') ? '' : `primaryKey: ['id', 'region'],`;
  const parts = form === 'plain' ? '' : partitions.replaceAll('NAME', name);
  const rest = more.replaceAll('no key', '').replaceAll('NAME', name);
  return `export const ${name} = table('${name}', { columns: { id: bigint(), region: text(), ${columns} }, ${key} ${rest === '' ? '' : `${rest},`} ${parts} });`;
}

const letters: { readonly [mode: string]: string } = {
  AccessExclusiveLock: 'AX',
  ShareRowExclusiveLock: 'SRX',
  ShareLock: 'S',
  ShareUpdateExclusiveLock: 'SUX',
};

function stepText(step: Statement, table: string): string {
  const own = step.locks.filter(({ relation }) => relation === table).map(({ mode }) => lockModes.indexOf(mode));
  const mode = lockModes[Math.max(-1, ...own)];
  const others = step.locks.filter(
    ({ relation, mode: held }) => relation !== table && letters[held] !== undefined && held !== 'ShareUpdateExclusiveLock',
  );
  return [
    ...(step.phase === 'contract' ? ['after:'] : []),
    step.step,
    ...(mode === undefined ? [] : [letters[mode] ?? mode]),
    ...(step.rewrites.includes(table) ? ['rewrite'] : step.scans.includes(table) ? ['scan'] : []),
    ...(step.hazards.some(({ hazard }) => hazard === 'hidden-index-rebuild') ? ['rebuilds indexes'] : []),
    ...others.map(({ relation, mode: held }) => `${letters[held] ?? held} on ${relation.slice(relation.lastIndexOf('.') + 1)}`),
  ].join(' ');
}

describe.each(testMajors)('the plan for PostgreSQL %i', (major) => {
  let server: TestServer;
  let statements: readonly Statement[] = [];
  beforeAll(async () => {
    server = await startServer(major);
    const schema = (side: 'before' | 'after'): string => {
      const tables = rules.flatMap((rule) =>
        (['plain', 'partitioned'] as const).flatMap((form) => {
          const text = rule[side];
          return text === undefined ? [] : [tableText(nameOf(rule.row, form), form, text.columns ?? '', text.more ?? '')];
        }),
      );
      const target = "export const targets = table('targets', { columns: { id: bigint() }, primaryKey: ['id'] });";
      return `import { ${words} } from 'schemac';\nexport default project({ postgres: ${major} });\n${target}\n${tables.join('\n')}\n`;
    };
    const [before, after] = [await loadText(schema('before')), await loadText(schema('after'))];
    expect([...before.diagnostics, ...after.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
    const states = await statesOnServer(server, { before, after });
    const annotation = (id: string) => after.annotations.get(id) ?? {};
    statements = makePlan({ ...states, changes: diff(states.before, states.after), major, annotation }).statements;
  });
  afterAll(() => server.stop());

  const each = rules.flatMap((rule) =>
    (['plain', 'partitioned'] as const).map((form) => ({ row: rule.row, change: rule.change, form, steps: rule[form] })),
  );
  it.each(each)('$row, $change, on a $form table', ({ row, form, steps }) => {
    const name = nameOf(row, form);
    const table = `table public.${name}`;
    const own = statements.filter(
      (step) => step.locks.some(({ relation }) => relation === table) || new RegExp(`public\\.${name}(?![a-z0-9_])`).test(step.sql),
    );
    expect(own.map((step) => stepText(step, table))).toEqual(forMajor(steps, major));
  });
});

function nameOf(row: string, form: 'plain' | 'partitioned'): string {
  return `${row.toLowerCase()}${form === 'plain' ? '' : '_p'}`;
}

function forMajor(steps: Steps, major: number): readonly string[] {
  return 'before18' in steps ? (major < 18 ? steps.before18 : steps.since18) : steps;
}
