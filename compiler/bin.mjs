#!/usr/bin/env node
/**
 * The command `schemac`. In the repository dist/ is made from compiler/, so it is made again first
 * when a source is newer; an installed package holds dist/ alone.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = dirname(fileURLToPath(import.meta.url));
const built = join(dirname(compiler), 'dist', 'cli.js');

function newestSource(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const isRepository = existsSync(join(compiler, 'cli.ts'));
if (isRepository && (!existsSync(built) || statSync(built).mtimeMs < newestSource(compiler))) await (await import('./build.mjs')).bundle();
const { main } = await import('../dist/cli.js');
await main(process.argv.slice(2));
