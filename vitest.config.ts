/**
 * How the tests run: one process a test file, one set of PostgreSQL servers a run, started by the
 * broker only when a test asks for one.
 */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What only `npm run test:full` runs: it asks the registry for packages, or compiles a project dozens of times. */
const onlyInFull = [
  'test/package/package.test.ts',
  'test/package/types.test.ts',
  'test/commands/faults.test.ts',
  'test/commands/custom.test.ts',
  'test/corpus/locks.test.ts',
  'test/commands/determinism.test.ts',
  'test/commands/hostile.test.ts',
  'test/emit/render.test.ts',
  'test/drift/mutations.test.ts',
  'test/sources/real-schemas.test.ts',
  'test/generative/real-schemas.test.ts',
  'test/load/ts-node.test.ts',
  'test/pull/corpus.test.ts',
  'test/pull/bring-in.test.ts',
  'test/partitions/life.test.ts',
  'test/migrate/sub-partitions.test.ts',
  'test/workload/bench.test.ts',
  'test/workload/digest-server.test.ts',
  'test/workload/fill.test.ts',
  'test/workload/sweeps.test.ts',
  'test/workload/volumes.test.ts',
  'test/migrate/undo.test.ts',
  'test/migrate/undo-exchange.test.ts',
  'test/commands/squash.test.ts',
];

/** What `npm run test:killed` alone runs: a runner and a server are killed at every message, which takes half an hour. */
const onlyKilled = ['test/migrate/killed-anywhere.test.ts'];

export default defineConfig(({ mode }) => {
  // `npm run test:full`: the oldest and the newest major that migrations are written for.
  if (mode === 'full' || mode === 'killed') process.env['SCHEMAC_TEST_MAJORS'] ??= '14,18';
  process.env['SCHEMAC_TEST_TIER'] = mode === 'test' ? 'quick' : 'full';
  return {
    resolve: {
      alias: [
        { find: /^schemac$/, replacement: source('compiler/dsl/index.ts') },
        { find: /^schemac\/zod$/, replacement: source('compiler/dsl/zod.ts') },
        { find: /^schemac\/api$/, replacement: source('compiler/api.ts') },
      ],
    },
    test: {
      // The loader's temporary module must be Node's own, or its source map would be of other text.
      server: { deps: { external: [/\/\.schemac\//] } },
      include: mode === 'killed' ? onlyKilled : ['test/**/*.test.ts'],
      exclude: [
        ...configDefaults.exclude,
        ...(mode === 'killed' ? [] : onlyKilled),
        ...(mode === 'full' || mode === 'killed' ? [] : onlyInFull),
      ],
      globalSetup: 'test/support/server-broker.ts',
      // Colours would depend on who runs the tests: CI asks for them.
      env: { NO_COLOR: '1' },
      // vitest leaves a core free by default; on two cores that would be half of them.
      maxWorkers: 2,
      testTimeout: 60_000,
      // The first test that asks for a server may wait for a container image.
      hookTimeout: 180_000,
    },
  };
});
