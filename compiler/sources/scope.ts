/**
 * Which objects a comparison is about. What is not is kept as the first state has it: so nothing
 * happens to it, and it still gives way and comes back where it rests on something that changes.
 */
import { entryName } from '../introspect/account.ts';
import { kindOf } from '../kinds/registry.ts';
import { matchesAddress, type Address } from '../model/address.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { withOwners, type SchemaObject, type State } from '../model/object.ts';
import type { Source } from './source.ts';

export interface Scope {
  /** Patterns of addresses; an object goes with the tree that it belongs to. Empty: everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Owners, grants and default privileges are compared unless they are left out. */
  readonly privileges?: 'compared' | 'left out';
}

export interface Scoped {
  readonly before: State;
  readonly after: State;
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws a `DiagnosticError` where a pattern to include matches nothing, or something in scope needs what is not. */
export function scoped(from: Source, to: Source, scope: Scope): Scoped {
  const whole = withSettings(scope, [from, to]);
  const unmanaged = unmanagedRoots(from, to);
  const outside = new Set([...from.externals, ...to.externals, ...unmanaged]);
  const isWhole = outside.size + whole.include.length + whole.exclude.length === 0 && whole.privileges !== 'left out';
  const leftOut = isWhole ? outside : objectsLeftOut([from, to], whole, outside);
  const after = leftOut.size === 0 ? to.state : afterWith(from.state, to.state, leftOut);
  const problems = [
    ...unmatched(from, to, scope),
    ...(leftOut.size === 0 ? [] : missingNeeds({ from: from.state, to: to.state, after, leftOut })),
  ];
  if (problems.some(({ severity }) => severity === 'error')) throw new DiagnosticError(problems);
  return { before: from.state, after, diagnostics: [...problems, ...unmanagedNotice(unmanaged)] };
}

function objectsLeftOut(sources: readonly Source[], scope: Scope, outside: ReadonlySet<Address>): ReadonlySet<Address> {
  const leftOut = new Set<Address>();
  for (const { state } of sources) {
    for (const object of state.values()) {
      const tree = withOwners(object.id, state);
      const isUnasked = scope.privileges === 'left out' && isAboutPrivileges(object);
      if (isUnasked || outside.has(tree.at(-1) ?? object.id) || !isChosen(tree, scope)) leftOut.add(object.id);
    }
  }
  return leftOut;
}

/** What a project ignores and what it keeps out of the database is out of scope. */
function withSettings(scope: Scope, sources: readonly Source[]): Scope {
  const settings = sources.flatMap(({ declared }) => declared?.project ?? []);
  const ignored = settings.flatMap(({ ignore, comments }) => [
    ...ignore.map(({ address }) => address),
    ...(comments === 'documents' ? ['comment *'] : []),
  ]);
  const isUnsaid = sources.some(saysNothingOfPrivileges);
  return { ...scope, exclude: [...scope.exclude, ...ignored], ...(isUnsaid ? { privileges: 'left out' } : {}) };
}

export function isAboutPrivileges(object: SchemaObject): boolean {
  return kindOf(object).concerns === 'privileges';
}

/** A schema in which nobody declared who may do what, or who owns what, leaves all of that as it is. */
export function saysNothingOfPrivileges(source: Source): boolean {
  return source.source !== 'database' && source.source !== 'sql' && ![...source.state.values()].some(isAboutPrivileges);
}

function isChosen(tree: readonly Address[], { include, exclude }: Scope): boolean {
  const matches = (patterns: readonly string[]): boolean => patterns.some((pattern) => tree.some((id) => matchesAddress(pattern, id)));
  return (include.length === 0 || matches(include)) && !matches(exclude);
}

/** Roots of a database that a schema beside it says nothing of: counted and listed, never changed. */
function unmanagedRoots(from: Source, to: Source): ReadonlySet<Address> {
  const roots = new Set<Address>();
  for (const [source, other] of [
    [from, to],
    [to, from],
  ] as const) {
    const manages = other.declared?.project.manages;
    if (manages === undefined || (source.source !== 'database' && source.source !== 'sql')) continue;
    for (const object of source.state.values()) {
      if (object.partOf !== undefined || other.state.has(object.id)) continue;
      if (manages === 'declared' || !manages.schemas.includes(object.path[0] ?? '')) roots.add(object.id);
    }
  }
  return roots;
}

const namedAtMost = 5;

function unmanagedNotice(roots: ReadonlySet<Address>): readonly Diagnostic[] {
  if (roots.size === 0) return [];
  const named = [...roots].sort().slice(0, namedAtMost);
  const more = roots.size > named.length ? ` and ${String(roots.size - named.length)} more` : '';
  return [
    {
      code: 'unmanaged',
      severity: 'notice',
      message: `the schema does not declare, so nothing is said of: ${named.join(', ')}${more}`,
      hint: "declare them, or write manages: { schemas: ['public'] } in project() to manage whole schemas",
    },
  ];
}

/** What is chosen of the second state, and the rest as the first state has it. */
function afterWith(from: State, to: State, leftOut: ReadonlySet<Address>): State {
  const after = new Map([...to].filter(([id]) => !leftOut.has(id)));
  for (const [id, object] of from) if (leftOut.has(id)) after.set(id, object);
  return after;
}

function unmatched(from: Source, to: Source, scope: Scope): readonly Diagnostic[] {
  const matches = (pattern: string): boolean => [from, to].some(({ state }) => [...state.keys()].some((id) => matchesAddress(pattern, id)));
  const isNotModelled = (pattern: string): boolean =>
    [from, to].some(({ notModelled = [] }) => notModelled.some((entry) => matchesAddress(pattern, entryName(entry))));
  const say = (severity: Diagnostic['severity'], flag: string, pattern: string): Diagnostic => ({
    code: 'pattern-matches-nothing',
    severity,
    message: `${flag} ${pattern} matches no object of ${from.name} or ${to.name}`,
    hint: `patterns are addresses, in which * stands for any characters: 'table public.*', '* public.orders'`,
  });
  return [
    ...scope.include.filter((pattern) => !matches(pattern)).map((pattern) => say('error', '--include', pattern)),
    ...scope.exclude
      .filter((pattern) => !matches(pattern) && !isNotModelled(pattern))
      .map((pattern) => say('warning', '--exclude', pattern)),
  ];
}

interface Choice {
  readonly from: State;
  readonly to: State;
  readonly after: State;
  readonly leftOut: ReadonlySet<Address>;
}

function missingNeeds({ from, to, after, leftOut }: Choice): readonly Diagnostic[] {
  return [...after.values()].flatMap((object) => {
    const own = leftOut.has(object.id) ? from : to;
    return object.dependsOn
      .filter((needed) => own.has(needed) && !after.has(needed))
      .map((needed): Diagnostic => {
        const [out, kept] = leftOut.has(object.id) ? ['keeps', 'would be dropped'] : ['needs', 'is left out and is not there yet'];
        return {
          code: 'left-out-but-needed',
          severity: 'error',
          message: leftOut.has(object.id)
            ? `${object.id} is left out and ${out} in use ${needed}, which ${kept}`
            : `${object.id} ${out} ${needed}, which ${kept}`,
          subject: object.id,
          hint: `include both, or exclude both: --include '${needed}' or --exclude '${object.id}'`,
        };
      });
  });
}
