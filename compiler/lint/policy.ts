/**
 * The project's policy: what no migration may do to large tables, read from the heads of migrations,
 * so that a migration is judged by what its reviewer sees and by the rows that were declared then.
 */
import { address, parseAddress, pathText, type Address } from '../model/address.ts';
import type { MigrationPolicy, PolicyException, PolicyRule } from '../model/declared.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { blockedBy } from '../model/statement.ts';
import { readHazardLine, readLockLine, readRowsLine } from '../sql/head-lines.ts';

export interface JudgedMigration {
  /** `0007_shrink_payload`. */
  readonly name: string;
  readonly head: { readonly locks: readonly string[]; readonly hazards: readonly string[]; readonly rows: readonly string[] };
  /** What a statement is for, and where it stands. */
  readonly step: (number: number) => { readonly purpose: string; readonly place?: Place };
}

/** One thing that one statement does to one table. */
interface Deed {
  readonly step: number;
  readonly rule: PolicyRule;
  readonly table: Address;
}

/** Everything that breaks the policy, and exceptions that nothing needs. */
export function policyFindings(
  policy: MigrationPolicy,
  migrations: readonly JudgedMigration[],
  declaredRows: (table: Address) => number | undefined,
): readonly Diagnostic[] {
  const used = new Set<PolicyException>();
  const broken = migrations
    .filter(({ name }) => policy.after === undefined || numberOf(name) > numberOf(policy.after))
    .flatMap((migration) => {
      const then = new Map(migration.head.rows.flatMap((line) => readRowsLine(line)));
      return strongest(deedsOf(migration).filter(({ rule }) => policy.forbid.includes(rule)))
        .map((deed) => ({ deed, rows: then.get(deed.table) ?? declaredRows(deed.table) }))
        .filter(({ rows }) => rows === undefined || rows >= policy.overRows)
        .filter(({ deed }) => {
          const exception = policy.except.find((each) => excuses(each, migration.name, deed));
          if (exception !== undefined) used.add(exception);
          return exception === undefined;
        })
        .map(({ deed, rows }) => finding(deed, rows, migration, policy));
    });
  return [...broken, ...policy.except.filter((exception) => !used.has(exception)).map(idle)];
}

function excuses(exception: PolicyException, migration: string, { rule, table }: Deed): boolean {
  const isNamed = exception.migration === migration || exception.migration === migration.replace(/^\d+_/, '');
  return isNamed && exception.rule === rule && exception.on === table;
}

/** Each of these brings the next ones along: one of them is said, and one exception excuses it. */
const waiting: readonly PolicyRule[] = ['rewrite', 'blocks-reads', 'blocks-writes'];

function strongest(deeds: readonly Deed[]): readonly Deed[] {
  return deeds.filter(
    ({ step, table, rule }) =>
      !deeds.some(
        (other) =>
          other.step === step &&
          other.table === table &&
          waiting.indexOf(other.rule) < waiting.indexOf(rule) &&
          waiting.includes(other.rule),
      ),
  );
}

/** Each deed once, in the order of statements. */
function deedsOf({ head }: JudgedMigration): readonly Deed[] {
  const deeds = [
    ...head.locks.flatMap((line): readonly Deed[] => {
      const lock = readLockLine(line);
      if (lock === undefined) return [];
      const { step, relation: table, mode, rewrites, scans } = lock;
      const blocked = rewrites || scans ? blockedBy(mode) : 'nothing';
      const rules: readonly PolicyRule[] = [
        ...(rewrites ? (['rewrite'] as const) : []),
        ...(blocked === 'reads and writes' ? (['blocks-reads'] as const) : []),
        ...(blocked === 'nothing' ? [] : (['blocks-writes'] as const)),
      ];
      return rules.map((rule) => ({ step, rule, table }));
    }),
    ...head.hazards.flatMap((line): readonly Deed[] => {
      const hazard = readHazardLine(line);
      return hazard === undefined ? [] : [{ step: hazard.step, rule: hazard.hazard, table: tableOf(hazard.subject) }];
    }),
  ];
  const unique = new Map(deeds.map((deed) => [`${String(deed.step)} ${deed.rule} ${deed.table}`, deed]));
  return [...unique.values()].sort((left, right) => left.step - right.step);
}

/** A column or an index stands for its table, as far as its address tells. */
export function tableOf(subject: Address): Address {
  const parsed = parseAddress(subject);
  if (parsed === undefined || parsed.path.length < 2) return subject;
  return address('table', ...parsed.path.slice(0, 2));
}

const deeds: { readonly [Rule in PolicyRule]?: readonly [does: string, instead: string] } = {
  rewrite: ['writes every row again', 'add a new column beside the old one, fill it in batches, then switch over'],
  'blocks-reads': [
    'keeps reads waiting while it goes through every row',
    'take the lock and the long work apart: NOT VALID and VALIDATE, a unique index built CONCURRENTLY and then used by the constraint',
  ],
  'blocks-writes': [
    'keeps writes waiting while it goes through every row',
    'build indexes CONCURRENTLY, add constraints NOT VALID and validate them in a step of their own',
  ],
  'data-loss': ['loses data', 'keep what is there, and drop it in a later migration when nobody has missed it'],
  'long-scan': ['goes through every row in one transaction', 'a DO block that commits after each batch'],
  'index-build': ['builds an index', 'CREATE INDEX CONCURRENTLY in a migration of its own'],
};

function finding({ step, rule, table }: Deed, rows: number | undefined, migration: JudgedMigration, policy: MigrationPolicy): Diagnostic {
  const [does, instead] = deeds[rule] ?? [`has the hazard ${rule}`, 'change the table in another way'];
  const { purpose, place } = migration.step(step);
  const named = pathText(parseAddress(table)?.path ?? [table]);
  const size = rows === undefined ? 'whose rows nobody declared' : `of ${rows.toLocaleString('en-US')} declared rows`;
  const limit = policy.overRows === 0 ? 'any table' : `tables of ${policy.overRows.toLocaleString('en-US')} rows or more`;
  const small = rows === undefined ? `; if the table is small, say so: expectedRows: 5_000` : '';
  return {
    code: 'forbidden-by-policy',
    severity: 'error',
    message: `statement ${String(step)} of ${migration.name} (${purpose}) ${does}, on ${named} ${size}: the policy forbids ${rule} on ${limit}`,
    subject: table,
    hint: `${instead}${small}; or except it by name: except: [{ migration: '${migration.name}', rule: '${rule}', on: '${table}', reason: '…' }]`,
    ...(place === undefined ? {} : { place }),
  };
}

function idle({ migration, rule, on, place }: PolicyException): Diagnostic {
  return {
    code: 'policy-exception-unused',
    severity: 'warning',
    message: `the policy excepts '${rule}' on ${on} in ${migration}, where nothing needs it`,
    subject: on,
    hint: 'take the exception out, or correct its migration, rule or table',
    ...(place === undefined ? {} : { place }),
  };
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}
