/**
 * `npm run bench`: bundles the measurements, which are TypeScript, and runs them. `--json` prints one
 * document; `--quick` takes 100 tables and fewer runs, to see that everything is measured.
 * `--partitions` measures the life of partitions of an archive alone, which takes a quarter of an hour.
 */
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const cache = join(repository, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'bench-'));
process.env.SCHEMAC_BENCH_REPOSITORY = repository;
try {
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(repository, 'test/bench/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // Servers are found beside their own source, not beside the bundle.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(repository, 'test/support/embedded-server.ts')).href) },
    logLevel: 'warning',
  });
  // The server that is measured on is kept by it, as those of the tests are.
  copyFileSync(join(repository, 'test/support/keeper.mjs'), join(folder, 'keeper.mjs'));
  const { main } = await import(pathToFileURL(outfile).href);
  await main(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
