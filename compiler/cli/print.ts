/**
 * How results and diagnostics look: text with colour on a terminal, JSON, or GitHub annotations.
 * Part of the command line; no verb knows it.
 */
import colours from 'picocolors';
import type { CommandResult } from '../commands/result.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

export type OutputFormat = 'text' | 'json' | 'github';

export interface PrintOptions {
  readonly format: OutputFormat;
  readonly isQuiet: boolean;
}

const paint = { error: colours.red, warning: colours.yellow, notice: colours.cyan };
const githubLevel = { error: 'error', warning: 'warning', notice: 'notice' };

function placeOf(diagnostic: Diagnostic): string {
  const { place } = diagnostic;
  return place === undefined ? '' : `${place.file}:${place.line}:${place.column} `;
}

/** `file:line:column error code: message`, and the hint below. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const head = `${colours.bold(placeOf(diagnostic))}${paint[diagnostic.severity](diagnostic.severity)} ${colours.dim(diagnostic.code)}`;
  const hint = diagnostic.hint === undefined ? '' : `\n  ${colours.dim('→')} ${diagnostic.hint}`;
  return `${head}: ${diagnostic.message}${hint}`;
}

/** A workflow command (GitHub, "Workflow commands for GitHub Actions"); `%`, CR and LF are escaped. */
export function githubAnnotation(diagnostic: Diagnostic): string {
  const escape = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const { place } = diagnostic;
  const where =
    place === undefined
      ? ''
      : ` file=${escape(place.file).replaceAll(',', '%2C')},line=${place.line},col=${place.column},title=${diagnostic.code}`;
  const hint = diagnostic.hint === undefined ? '' : ` → ${diagnostic.hint}`;
  return `::${githubLevel[diagnostic.severity]}${where}::${escape(diagnostic.message + hint)}`;
}

/** So many fit a screen; `--json` and `--format github` have all. */
const printedAtMost = 20;
const severities = ['error', 'warning', 'notice'] as const;

/** The first of a long list, errors before the rest, and a line that counts what is left out. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): readonly string[] {
  if (diagnostics.length <= printedAtMost) return diagnostics.map(diagnosticText);
  const ordered = severities.flatMap((severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity));
  const left = ordered.slice(printedAtMost);
  const counts = severities.flatMap((severity) => {
    const count = left.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return [...ordered.slice(0, printedAtMost).map(diagnosticText), `and ${counts.join(', ')} more: --json lists them all`];
}

export function printResult(result: CommandResult, options: PrintOptions): void {
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify(result.json, undefined, 2)}\n`);
    return;
  }
  const shown = options.isQuiet ? result.diagnostics.filter(({ severity }) => severity === 'error') : result.diagnostics;
  if (options.format === 'github') for (const diagnostic of shown) process.stdout.write(`${githubAnnotation(diagnostic)}\n`);
  else for (const line of diagnosticLines(shown)) process.stderr.write(`${line}\n`);
  if (!options.isQuiet) for (const line of result.lines) process.stdout.write(`${line}\n`);
}
