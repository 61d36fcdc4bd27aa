/**
 * Bundles the compiler into dist/: the command line, the schema language, its zod schemas and the
 * library, as modules that share chunks, so that a verb loads only what it needs. Packages stay outside.
 */
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = dirname(fileURLToPath(import.meta.url));
const root = dirname(compiler);
const output = join(root, 'dist');

rmSync(output, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    cli: 'compiler/cli.ts',
    dsl: 'compiler/dsl/index.ts',
    zod: 'compiler/dsl/zod.ts',
    api: 'compiler/api.ts',
  },
  outdir: output,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  logLevel: 'warning',
});
