/**
 * The verb `diagrams`: the entity-relationship diagrams of generated/ as pictures, for places that do
 * not draw Mermaid. Reads only what `compile` wrote.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { renderDiagrams } from '../emit/render.ts';
import { fail } from '../model/diagnostic.ts';
import { listFiles } from '../workspace/files.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import type { CommandResult, Report } from './result.ts';

export interface DiagramsArguments {
  readonly root: string;
  /** The folder to write to, relative to the project. */
  readonly out: string;
  readonly formats: readonly ('svg' | 'png')[];
  readonly theme: 'default' | 'dark';
  readonly report: Report;
}

/** Renders `erd.mmd` and `erd/*.mmd` into a folder of the same shape. Exit code 1 when a picture is missing. */
export async function diagramsCommand(given: DiagramsArguments): Promise<CommandResult> {
  const { generated } = workspaceAt(given.root);
  const names = listFiles(generated).filter((path) => path === 'erd.mmd' || /^erd\/[^/]+\.mmd$/.test(path));
  if (names.length === 0) fail('no-diagrams', 'generated/ holds no diagram', { hint: 'write them first: npx schemac compile' });
  given.report(`rendering ${names.length} diagrams`);
  const sources = new Map(names.map((name) => [name, readFileSync(join(generated, name), 'utf8')]));
  const { files, diagnostics } = await renderDiagrams(sources, { formats: given.formats, theme: given.theme });
  const folder = resolve(given.root, given.out);
  for (const [name, picture] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), picture);
  }
  const written = [...files.keys()].map((name) => join(given.out, name).replaceAll('\\', '/'));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return { exitCode: failed ? 1 : 0, diagnostics, json: { written, diagnostics }, lines: written.map((path) => `wrote ${path}`) };
}
