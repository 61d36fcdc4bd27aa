/**
 * Real schemas of public projects, from ../shared/schemas where that is, each migrated to random edits
 * of itself and back, with rows in every table. The edits are made by hand on a copy, rows and all, so
 * that PostgreSQL says what can be done; the plan must do the same to another copy. Judged by
 * introspection, by an empty second plan, by the rows, and by pg_dump where one of the major is there.
 * `SCHEMAC_TEST_EDITS=20` makes that many of each; `SCHEMAC_TEST_SEED` begins elsewhere.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffScript } from '../../compiler/emit/diff-script.ts';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { planDifference, type Difference } from '../../compiler/sources/plan-difference.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import type { Source } from '../../compiler/sources/source.ts';
import { applyWithPsql, cacheFolder } from '../sources/support.ts';
import { withClient } from '../support/database.ts';
import { differentLines } from '../support/different-lines.ts';
import { dumpRestored, dumpSchema } from '../support/dump.ts';
import { startServer, testMajors, withServer, type TestServer } from '../support/servers.ts';
import { editDatabase } from './edit-database.ts';
import { editRoles } from './edits-of-databases.ts';
import { randomFrom } from './random.ts';
import { copyOf, emptyAll, fill, loadSchema, rowsIn, touched } from './real-database.ts';

const folder = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.log(`no ${folder}: the real schemas are not edited`);

const edits = Number(process.env['SCHEMAC_TEST_EDITS'] ?? 3);
const firstSeed = Number(process.env['SCHEMAC_TEST_SEED'] ?? 1);
const seeds = Array.from({ length: edits }, (_, place) => firstSeed + place);
const names = ['chinook', 'pagila', 'adventureworks', 'temporal'];
const everything = { include: [], exclude: [] };

describe.runIf(isThere).each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  let engines: Engines;
  beforeAll(async () => {
    server = await startServer(major);
    engines = makeEngines({ cacheFolder });
    for (const role of editRoles)
      await withClient(server.url, (client) => client.query(`CREATE ROLE ${role}`)).catch((error: unknown) => {
        if ((error as { readonly code?: string }).code !== '42710') throw error;
      });
  });
  afterAll(async () => {
    await engines.close();
    await server.stop();
  });

  describe.each(names)('%s', (name) => {
    let base: string;
    let source: Source;
    beforeAll(async () => {
      base = await loadSchema(server, `${folder}${name}.sql`);
      await fill(base, major);
      source = await readDatabase(base);
    }, 120_000);

    it.each(seeds)(
      'edited by seed %i, there and back',
      (seed) =>
        // Copies are dropped with the case: there are five of each.
        withServer(major, async (own) => {
          const edited = await copyOf(own, base);
          const done = await editDatabase(edited, randomFrom(seed));
          const told = `SCHEMAC_TEST_SEED=${String(seed)} SCHEMAC_TEST_EDITS=1 npx vitest run --mode full test/generative/real-schemas.test.ts -t '${name}'\n${done.join(';\n')}`;
          const goal = await readDatabase(edited);
          const ways = [
            ['there', { server: own, engines, start: base, from: source, goal: edited, to: goal }],
            ['back', { server: own, engines, start: edited, from: goal, goal: base, to: source }],
          ] as const;
          for (const [way, given] of ways)
            await migrated(given).catch((error: unknown) => {
              throw new Error(`${way}: ${told}\n${String(error)}`, { cause: error });
            });
        }),
      300_000,
    );
  });
});

interface Way {
  readonly server: TestServer;
  readonly engines: Engines;
  readonly start: string;
  readonly from: Source;
  readonly goal: string;
  readonly to: Source;
}

/** A copy of the start is migrated to the goal; where rows refuse what the plan said they may refuse, an empty copy is. */
async function migrated(way: Way): Promise<void> {
  const { server, engines, start, from, goal, to } = way;
  const difference = await planDifference(from, to, everything, engines);
  const script = diffScript({
    from: from.name,
    to: to.name,
    target: difference.target,
    summary: [],
    transactions: difference.transactions,
  });
  let copy = await copyOf(server, start);
  const refusal = await applyWithPsql(copy, script).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (refusal === undefined) expect(touched(await rowsIn(copy), await rowsIn(start), await rowsIn(goal))).toEqual([]);
  else {
    if (!mayBeRefused(difference)) throw new Error(refusal);
    copy = await copyOf(server, start);
    await emptyAll(copy);
    await applyWithPsql(copy, script);
  }
  const left = await planDifference(await readDatabase(copy), to, everything, engines);
  expect(left.changes).toEqual([]);
  await compareDumps(server, copy, goal);
}

/** After one restore where they differ at first: an expression is printed otherwise once it was read from a dump. */
async function compareDumps(server: TestServer, made: string, goal: string): Promise<void> {
  const [dumped, wanted] = [await dumpSchema(made), await dumpSchema(goal)];
  if (dumped === undefined || wanted === undefined || inNoOrder(dumped) === inNoOrder(wanted)) return;
  const [again, wantedAgain] = [
    await dumpRestored(made, await server.createDatabase()),
    await dumpRestored(goal, await server.createDatabase()),
  ];
  expect(differentLines(inNoOrder(again ?? ''), inNoOrder(wantedAgain ?? ''))).toEqual([]);
}

function mayBeRefused({ transactions }: Difference): boolean {
  return transactions.some(({ statements }) => statements.some(({ hazards }) => hazards.some(({ hazard }) => hazard === 'data-dependent')));
}

/** New columns come last, in an order of their own; so the lines of a table's columns are in no order, and the comma says nothing. */
function inNoOrder(dump: string): string {
  return dump
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort()
    .join('\n');
}
