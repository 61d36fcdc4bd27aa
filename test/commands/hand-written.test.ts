/**
 * What is found out about SQL that somebody wrote by hand: locks, rewritten tables, losses and what
 * holds others up, measured on the embedded PostgreSQL and read from its parser. One state for all.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHandWritten, report } from '../../compiler/commands/hand-written-report.ts';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { readState } from '../../compiler/prove/run.ts';

const cacheFolder = join(tmpdir(), 'schemac-test-cache', 'engine');
const before = `
  CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email varchar(80) NOT NULL);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, state text, total numeric(10,2) NOT NULL);
  CREATE INDEX orders_customer ON orders (customer_id);
  CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'open'`;

/** One line a statement: its step, what it locks for others, and its hazards. */
async function reportOn(sql: string): Promise<readonly string[]> {
  const opened: Engine[] = [];
  try {
    const { statements } = await report({
      script: readHandWritten(sql, 'fix.sql'),
      file: 'fix.sql',
      name: '0002_fix',
      annotation: (id) => (id === 'table public.customers' ? { expectedRows: 500 } : {}),
      engine: async () => {
        const engine = await openEngine({ cacheFolder });
        opened.push(engine);
        await engine.execute(before);
        return engine;
      },
      read: (engine, within) => readState(engine, within),
      externals: new Set(),
      major: 18,
    });
    return statements.flatMap(({ step, locks, rewrites, scans, hazards }) => [
      [
        step,
        ...locks
          .filter(({ mode }) => mode !== 'RowExclusiveLock' && mode !== 'RowShareLock')
          .map(({ mode, relation }) => `${mode} on ${relation}`),
        ...rewrites.map((id) => `rewrites ${id}`),
        ...scans.map((id) => `reads ${id}`),
      ].join(', '),
      ...hazards.map(({ hazard, subject }) => `  ${hazard} ${subject}`),
    ]);
  } finally {
    for (const engine of opened) await engine.close();
  }
}

describe('a report on hand-written SQL', () => {
  it('tells a rewrite, a scan under a lock and a change that costs nothing apart', async () => {
    const lines = await reportOn(`
      ALTER TABLE orders ALTER total TYPE bigint;
      ALTER TABLE orders ADD CHECK (total >= 0);
      ALTER TABLE orders ADD note text;
      CREATE INDEX ON orders (state);
      CREATE INDEX CONCURRENTLY orders_total ON orders (total);`);
    expect(lines).toEqual([
      'transactional, AccessExclusiveLock on table public.orders, rewrites table public.orders, reads table public.orders',
      '  rewrite table public.orders',
      'transactional, AccessExclusiveLock on table public.orders, reads table public.orders',
      '  blocks-reads table public.orders',
      'transactional, AccessExclusiveLock on table public.orders',
      'transactional, ShareLock on table public.orders, reads table public.orders',
      '  blocks-writes table public.orders',
      '  index-build table public.orders',
      'concurrent, ShareUpdateExclusiveLock on table public.orders, reads table public.orders',
    ]);
  });

  it('finds what is lost: by what went, what CASCADE took along, and by what the words say', async () => {
    const lines = await reportOn(`
      DELETE FROM orders WHERE id < 0;
      UPDATE orders SET state = 'lost';
      ALTER TABLE orders DROP COLUMN state CASCADE;
      TRUNCATE customers CASCADE;
      DROP TABLE orders;`);
    expect(lines).toEqual([
      'transactional',
      '  irreversible table public.orders',
      'transactional, reads table public.orders',
      '  irreversible column public.orders.state',
      '  long-scan table public.orders',
      'transactional, AccessExclusiveLock on table public.orders',
      '  application-order view public.open_orders',
      '  data-loss column public.orders.state',
      '  application-order column public.orders.state',
      'transactional, AccessExclusiveLock on table public.customers, AccessExclusiveLock on table public.orders',
      '  data-loss table public.customers',
      '  data-loss table public.orders',
      'transactional, AccessExclusiveLock on table public.customers, AccessExclusiveLock on table public.orders',
      '  data-loss table public.orders',
      '  application-order table public.orders',
    ]);
  });

  it('takes a rename for no loss, and says who waits for a lock of an earlier statement', async () => {
    const lines = await reportOn(`
      ALTER TABLE orders RENAME TO purchases;
      BEGIN;
      ALTER TABLE purchases ADD note text;
      UPDATE purchases SET note = '';
      COMMIT;
      DO $$ BEGIN DELETE FROM purchases; END $$;`);
    expect(lines).toEqual([
      'transactional, AccessExclusiveLock on table public.orders',
      '  backward-compatibility table public.orders',
      'transactional, AccessExclusiveLock on table public.purchases',
      'transactional, reads table public.purchases',
      '  long-scan table public.purchases',
      '  blocks-reads table public.purchases',
      'backfill, reads table public.purchases',
      '  data-loss table public.purchases',
    ]);
  });

  it('says that rows may refuse a statement, where generated ones do', async () => {
    const lines = await reportOn(`ALTER TABLE orders ADD CHECK (total IS NULL);`);
    expect(lines).toContain('  data-dependent check public.orders.orders_total_check');
  });

  it('says where PostgreSQL refuses, at the character', async () => {
    const refused = await reportOn(`ALTER TABLE orders ADD note text;\n  UPDATE orders\n  SET nota = '';`).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DiagnosticError);
    expect((refused as DiagnosticError).diagnostics).toMatchObject([
      { code: 'sql-refused', place: { file: 'fix.sql', line: 3, column: 7 } },
    ]);
  });
});
