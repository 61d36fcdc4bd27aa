/**
 * Migrations as the compiler plans and writes them, for tests of the runner: two schemas, of which the
 * second is a change of the first.
 */
import { diff } from '../../compiler/diff/diff.ts';
import { migrationText } from '../../compiler/emit/migration.ts';
import { phaseOf, type Transaction } from '../../compiler/model/statement.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { loadText, statesOnServer } from '../support/corpus.ts';
import type { TestServer } from '../support/servers.ts';

/** An integer key, and what refers to it, become bigint; a column is renamed, the old name kept until the deploy is over. */
const shop = (type: string, name: string): string => `
  import { bigint, integer, project, references, table, text } from 'schemac';
  export default project({ postgres: 14 });
  export const digests = table('digests', {
    columns: { id: ${type}({ identity: 'by default' }), ${name}, locale: text({ nullable: true }) },
    primaryKey: ['id'], indexes: { digests_locale: { on: ['locale', 'id'] } },
  });
  export const sends = table('sends', {
    columns: { id: bigint({ identity: 'by default' }), digest_id: references(() => digests, 'id') },
    primaryKey: ['id'],
  });`;

/** `0001_first`, and `0002_second` with `0003_third` of its contract phase. */
export async function exchangeMigrations(server: TestServer): Promise<{ readonly [name: string]: string }> {
  const before = await loadText(shop('integer', 'subject: text()'));
  const after = await loadText(shop('bigint', "title: text({ renamedFrom: 'subject' })"));
  const states = await statesOnServer(server, { before, after });
  const none = new Map<string, never>();
  const plan = (from: typeof states.before, to: typeof states.before): readonly Transaction[] =>
    makePlan({
      before: from,
      after: to,
      changes: diff(from, to),
      major: server.major,
      annotation: (id) => after.annotations.get(id) ?? {},
    }).transactions;
  const change = plan(states.before, states.after);
  return {
    '0001_first': textOf('0001_first', server.major, plan(none, states.before)),
    '0002_second': textOf(
      '0002_second',
      server.major,
      change.filter((each) => phaseOf(each) === 'expand'),
    ),
    '0003_third': textOf(
      '0003_third',
      server.major,
      change.filter((each) => phaseOf(each) === 'contract'),
    ),
  };
}

function textOf(name: string, target: number, transactions: readonly Transaction[]): string {
  const [first] = transactions;
  return migrationText({
    name,
    summary: ['A migration of the compiler.'],
    phase: first === undefined ? 'expand' : phaseOf(first),
    target,
    proven: 'not at all',
    allowances: [],
    roles: [],
    externals: [],
    transactions,
    statements: transactions.flatMap(({ statements }) => statements.map((statement) => ({ statement }))),
  });
}
