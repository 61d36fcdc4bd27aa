/**
 * Every code that a diagnostic of the compiler can have, read from its syntax trees: the text after
 * `code:`, and the first argument of a function whose first parameter is `code`.
 */
import ts from 'typescript';
import { allSources, nodesOf, type Source } from '../support/sources.ts';

/** The texts that an expression may be: `'a'`, `isLong ? 'a' : 'b'`. What a condition compares with is none. */
function textsOf(expression: ts.Expression): readonly string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression)) return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  return [];
}

function takesCode(node: ts.Node): node is ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction {
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node) && !ts.isArrowFunction(node)) return false;
  const first = node.parameters[0]?.name;
  return first !== undefined && ts.isIdentifier(first) && first.text === 'code';
}

function nameOf(node: ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction): string | undefined {
  const name = ts.isArrowFunction(node) ? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined) : node.name;
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}

function codesIn(source: Source): readonly string[] {
  const nodes = nodesOf(source);
  const takers = new Set(['fail', ...nodes.filter(takesCode).map(nameOf)]);
  return nodes.flatMap((node): readonly string[] => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') return textsOf(node.initializer);
    if (!ts.isCallExpression(node)) return [];
    const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
    const [first] = node.arguments;
    return takers.has(called) && first !== undefined ? textsOf(first) : [];
  });
}

/** Sorted, each once. SQLSTATEs (`54001`) are PostgreSQL's and explained by its manual. */
export function diagnosticCodes(): readonly string[] {
  const compiler = allSources().filter(({ path }) => /^compiler\/.*\.ts$/.test(path));
  return [...new Set(compiler.flatMap(codesIn))].filter((code) => /^[a-z]+(-[a-z]+)*$/.test(code)).sort();
}
