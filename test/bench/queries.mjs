/**
 * `npm run bench:queries -- --scale users=20k`: measures the declared queries on a server of the tests'
 * own, or on that of `--url`. Everything else is `schemac bench`.
 */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const given = process.argv.slice(2);

/** A server as production would have it of this memory; and no log of what a crash would end anyway. */
const settings = {
  shared_buffers: `${Math.max(128, Math.floor(totalmem() / 4 / 1024 ** 2))}MB`,
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/** The server's source is TypeScript, and finds its helper beside itself. */
async function startServer() {
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-queries-'));
  try {
    const source = join(repository, 'test/support/embedded-server.ts');
    const outfile = join(folder, 'server.mjs');
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
      logLevel: 'warning',
    });
    copyFileSync(join(repository, 'test/support/keeper.mjs'), join(folder, 'keeper.mjs'));
    const { startEmbeddedServer } = await import(pathToFileURL(outfile).href);
    return await startEmbeddedServer(18, settings);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const server = given.includes('--url') || process.env.SCHEMAC_BENCH_URL !== undefined ? undefined : await startServer();
try {
  const env = { ...process.env, ...(server === undefined ? {} : { SCHEMAC_BENCH_URL: server.url }) };
  const child = spawn(process.execPath, [join(repository, 'compiler/bin.mjs'), 'bench', ...given], { stdio: 'inherit', env });
  process.exitCode = await new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
} finally {
  await server?.stop();
}
