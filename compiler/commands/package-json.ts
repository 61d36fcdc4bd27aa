/**
 * What `init` puts into a package.json: scripts and dependencies that are not there yet. Text in,
 * text out; what somebody wrote is never changed.
 */
import { DiagnosticError } from '../model/diagnostic.ts';

export interface PackageAdditions {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export interface PackageEdit {
  readonly text: string;
  /** `script compile`, `dependency schemac`: what was put in. */
  readonly added: readonly string[];
  /** Scripts of that name that do something else. */
  readonly kept: readonly string[];
}

/** A package of its own for an empty folder. */
export function newPackage(name: string, additions: PackageAdditions, devDependencies: Readonly<Record<string, string>>): string {
  const { scripts, dependencies } = additions;
  return `${JSON.stringify({ name, private: true, type: 'module', scripts, dependencies, devDependencies }, undefined, 2)}\n`;
}

/** Adds what is missing, with the file's own indentation. Throws a `DiagnosticError` where it is no JSON object. */
export function addToPackage(text: string, additions: PackageAdditions): PackageEdit {
  const content = parse(text);
  const present = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) =>
    Object.keys(fieldOf(content, field)),
  );
  const scripts = fieldOf(content, 'scripts');
  const newScripts = entriesWithout(additions.scripts, Object.keys(scripts));
  const newDependencies = entriesWithout(additions.dependencies, present);
  const kept = Object.entries(additions.scripts).filter(([name, command]) => name in scripts && scripts[name] !== command);
  const added = [...newScripts.map(([name]) => `script ${name}`), ...newDependencies.map(([name]) => `dependency ${name}`)];
  if (added.length === 0) return { text, added, kept: kept.map(([name]) => name) };
  const edited = {
    ...content,
    ...(newScripts.length === 0 ? {} : { scripts: { ...scripts, ...Object.fromEntries(newScripts) } }),
    ...(newDependencies.length === 0
      ? {}
      : { dependencies: { ...fieldOf(content, 'dependencies'), ...Object.fromEntries(newDependencies) } }),
  };
  const indentation = /^([ \t]+)"/m.exec(text)?.[1] ?? 2;
  const end = /\r?\n$/.exec(text)?.[0] ?? '';
  return {
    text: JSON.stringify(edited, undefined, indentation).replaceAll('\n', end === '' ? '\n' : end) + end,
    added,
    kept: kept.map(([name]) => name),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  const stop = (message: string): never => {
    throw new DiagnosticError([
      {
        code: 'package-json-unreadable',
        severity: 'error',
        message,
        place: { file: 'package.json', line: 1, column: 1 },
        hint: 'correct it and run schemac init again; nothing was written',
      },
    ]);
  };
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return stop('package.json holds no JSON object');
    return content as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return stop(`package.json is not valid JSON: ${(error as Error).message}`);
  }
}

function fieldOf(content: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, string>> {
  const value = content[name];
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, string>>) : {};
}

function entriesWithout(wanted: Readonly<Record<string, string>>, names: readonly string[]): readonly (readonly [string, string])[] {
  return Object.entries(wanted).filter(([name]) => !names.includes(name));
}
