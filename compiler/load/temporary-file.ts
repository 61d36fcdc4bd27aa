/** A file inside the project for as long as something needs it; its folder goes too when nobody else uses it. */
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

let count = 0;

/** A path in `.schemac/` that no other run, process or module cache knows. */
export function temporaryPath(root: string, beginning: string, ending: string): string {
  count += 1;
  return join(root, '.schemac', `${beginning}-${process.pid}-${count}${ending}`);
}

/** Writes the file, runs the action, and removes the file whatever happens. */
export async function withFile<Result>(path: string, text: string, action: () => Promise<Result>): Promise<Result> {
  try {
    await writeInNewFolder(path, text);
    return await action();
  } finally {
    await rm(path, { force: true });
    // Others may keep something there; then it stays.
    await rmdir(dirname(path)).catch(() => undefined);
  }
}

/** Another run may remove the empty folder between the making of it and the writing. */
async function writeInNewFolder(path: string, text: string): Promise<void> {
  for (let attempts = 5; ; attempts -= 1) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 0) throw error;
    }
  }
}
