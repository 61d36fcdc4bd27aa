/**
 * Evaluates the schema folder and composes what it declares: from files to a `DeclaredSchema`.
 * Throws where going on is impossible; every other mistake is collected with its place.
 */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DeclaredSchema } from '../model/declared.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { declarationsOf } from './collect.ts';
import type { EvaluatedFile } from './collect.ts';
import { compose } from './compose.ts';
import { evaluateBundle } from './evaluate-bundle.ts';
import { schemaFiles } from './files.ts';
import { placesIn } from './places.ts';

export interface LoadRequest {
  /** The project folder: where package.json is, and what places are relative to. */
  readonly root: string;
  /** The schema folder, relative to the project or absolute. */
  readonly folder: string;
  readonly loader: 'esbuild' | 'ts-node';
  /** The source of the DSL's entry, where `schemac` is not installed as a package. esbuild only. */
  readonly dslModule?: string;
}

/**
 * Loads the schema. The result does not depend on the order in which a file system lists files, the
 * time zone or the locale. Annotations work out their `place` when it is read.
 */
export async function load(request: LoadRequest): Promise<DeclaredSchema> {
  const root = resolve(request.root);
  const files = await schemaFiles(root, request.folder);
  const { files: evaluated, locate, sources } = await evaluate({ ...request, root }, files);
  const declarations = declarationsOf(evaluated);
  if (declarations.length === 0) throw nothingExported(evaluated);
  const schema = compose(declarations, placesIn(root, locate), await titleOf(root));
  return sources === undefined ? schema : { ...schema, sources };
}

async function evaluate(request: LoadRequest, files: readonly string[]) {
  const { root, dslModule } = request;
  if (request.loader === 'ts-node') {
    const { evaluateWithTsNode } = await import('./evaluate-ts-node.ts');
    return evaluateWithTsNode({ root, files });
  }
  return evaluateBundle({ root, files, ...(dslModule === undefined ? {} : { dslModule }) });
}

function nothingExported(files: readonly EvaluatedFile[]): DiagnosticError {
  return new DiagnosticError([
    {
      code: 'nothing-exported',
      severity: 'error',
      message: 'the schema exports no declaration',
      place: { file: files[0]?.file ?? '.', line: 1, column: 1 },
      hint: "only what is exported is part of the schema: export const users = table('users', { … })",
    },
  ]);
}

/** The package's name, or the folder's where there is no package.json. */
async function titleOf(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}');
  try {
    const { name } = JSON.parse(text) as { readonly name?: unknown };
    return typeof name === 'string' ? name : basename(root);
  } catch {
    return basename(root);
  }
}
