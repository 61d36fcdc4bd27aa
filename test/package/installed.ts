/** Packs schemac and installs it into an empty project, as a user would, in a folder whose name has a space. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../load/project.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

export interface Installed {
  /** The project's folder. */
  readonly root: string;
  /** What the tarball holds. */
  readonly packed: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Runs a program to its end; no outcome is thrown. */
export function run(program: string, parameters: readonly string[], folder: string): Promise<Ended> {
  // npm passes its settings to what it runs; a user's shell has none of them.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(?!config_(registry|cache))|NODE_ENV|VITEST|CI$|GITHUB_|FORCE_COLOR)/i.test(name),
    ),
  );
  return new Promise((settle) => {
    const limits = { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024, timeout: 170_000 };
    execFile(program, parameters, limits, (error, out, errors) => {
      const code = (error as { readonly code?: unknown } | null)?.code;
      settle({ code: error === null ? 0 : typeof code === 'number' ? code : -1, out, errors });
    });
  });
}

/** The project, or the reason why npm could not reach what it needs. */
export async function installPackage(): Promise<Installed | { readonly unreachable: string }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'schemac package ')));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const packing = await run('npm', ['pack', '--json', '--pack-destination', folder], repository);
  if (packing.code !== 0) throw new Error(`npm pack failed: ${packing.errors}`);
  const packed = JSON.parse(packing.out.slice(packing.out.search(/^[[{]/m))) as unknown;
  const [{ filename, files }] = Object.values(packed as object) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  const root = join(folder, 'My Shop');
  await mkdir(root);
  const tarball = join(folder, filename);
  const installing = await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball, 'typescript@7.0.2'], root);
  if (installing.code === 0) return { root, packed: files.map(({ path }) => path), remove };
  await remove();
  const unreachable = /npm error code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|E5\d\d)/.exec(installing.errors);
  if (unreachable === null) throw new Error(`npm install failed: ${installing.errors}`);
  return { unreachable: `the registry is out of reach (${unreachable[1] ?? ''})` };
}

/** Bytes of all files below a folder. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
