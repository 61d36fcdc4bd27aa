/** Writes files into a folder as `compile` does, for tests that break it at every step. Arguments: the folder, and a file of JSON. */
import { readFileSync } from 'node:fs';
import { writeFiles } from '../../compiler/workspace/files.ts';

const [folder = '', file = ''] = process.argv.slice(2);
const { files, order } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly files: readonly [string, string][];
  readonly order: readonly string[];
};
await writeFiles(folder, new Map(files), { order, isOurs: () => true });
