/**
 * The files of this repository as text and as TypeScript's syntax trees, for tests that judge the
 * code itself. No rule is written here; those are in architecture.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const derived = new Set(['node_modules', 'dist', '.git', '.schemac', 'coverage']);
const binary = /\.(png|jpe?g|gif|ico|pdf|gz|tgz|woff2?)$/;

/** Every text file that is not derived from others. */
export function allSources(): readonly Source[] {
  return readdirSync(repository, { withFileTypes: true })
    .filter((entry) => !derived.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]))
    .filter((file) => !binary.test(file))
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(repository, file), 'utf8') }));
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(repository, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !file.split('/').some((part) => derived.has(part)));
}

/** The names of the kinds: one folder each. */
export function kindNames(): ReadonlySet<string> {
  const entries = readdirSync(path.join(repository, 'compiler/kinds'), { withFileTypes: true });
  const byText = readdirSync(path.join(repository, 'compiler/kinds/defined-by-text')).map((file) => file.replace(/\.ts$/, ''));
  return new Set([...entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name), ...byText]);
}

const trees = new WeakMap<Source, ts.SourceFile>();

export function syntaxTree(source: Source): ts.SourceFile {
  const known = trees.get(source);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  trees.set(source, tree);
  return tree;
}

/** Every node of a file, outer ones first. */
export function nodesOf(source: Source): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(syntaxTree(source));
  return nodes;
}

export interface Import {
  readonly specifier: string;
  /** `type` leaves no trace when the program runs; `lazy` is `await import(…)`. */
  readonly form: 'type' | 'static' | 'lazy';
  readonly line: number;
}

/** What a file imports or exports from elsewhere, in every form that TypeScript has. */
export function importsOf(source: Source): readonly Import[] {
  return nodesOf(source).flatMap((node): readonly Import[] => {
    const line = lineOf(source, node);
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const type = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      return [{ specifier: node.moduleSpecifier.text, form: type ? 'type' : 'static', line }];
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
      return [{ specifier: node.moduleSpecifier.text, form: node.isTypeOnly ? 'type' : 'static', line }];
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      return [{ specifier: node.argument.literal.text, form: 'type', line }];
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      return argument !== undefined && ts.isStringLiteralLike(argument) ? [{ specifier: argument.text, form: 'lazy', line }] : [];
    }
    return [];
  });
}

/** The repository path that a relative import means; `undefined` for a package or a builtin. */
export function importedPath(source: Source, specifier: string): string | undefined {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(source.path), specifier) : undefined;
}

export function lineOf(source: Source, node: ts.Node): number {
  const tree = syntaxTree(source);
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}
