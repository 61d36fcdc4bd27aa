/**
 * The house rules as one table: which folder may import which, who may print, where names are quoted,
 * how a file begins. A rule is a check of one file; each comes with a file that breaks it, so that the
 * rule is known to be able to fail. There is no list of exceptions.
 */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { allSources, importedPath, importsOf, kindNames, lineOf, nodesOf, type Import, type Source } from './support/sources.ts';

/** The floors, lowest first. A part of the compiler imports itself and parts on lower floors, nothing else. */
const floors: readonly (readonly string[])[] = [
  ['model'],
  ['sql'],
  ['kinds', 'engine', 'diff'],
  ['dsl', 'introspect'],
  ['load', 'plan'],
  ['prove', 'lint', 'author'],
  ['emit', 'migrate', 'workload'],
  ['partitions'],
  ['workspace'],
  ['sources'],
  ['commands'],
  ['api'],
  ['cli'],
  ['build'],
  ['bin'],
];
const floorOf = new Map(floors.flatMap((parts, floor) => parts.map((part) => [part, floor] as const)));

/** Which part may import which package; `lazy` ones cost memory or time and are loaded when they are used. */
const packages: { readonly [name: string]: { readonly parts: readonly string[]; readonly load: 'lazy' | 'static' } } = {
  '@electric-sql/pglite': { parts: ['engine'], load: 'lazy' },
  pg: { parts: ['engine', 'migrate'], load: 'lazy' },
  esbuild: { parts: ['load', 'build'], load: 'lazy' },
  'libpg-query': { parts: ['sql', 'load', 'plan'], load: 'lazy' },
  'ts-node': { parts: ['load'], load: 'lazy' },
  zod: { parts: ['dsl', 'load', 'prove', 'emit', 'migrate', 'partitions', 'workload', 'commands'], load: 'static' },
  chokidar: { parts: ['commands'], load: 'lazy' },
  '@dbml/core': { parts: ['emit', 'commands'], load: 'lazy' },
  '@dbml/parse': { parts: ['emit', 'commands'], load: 'lazy' },
  '@mermaid-js/mermaid-cli': { parts: ['emit'], load: 'lazy' },
  'puppeteer-core': { parts: ['emit'], load: 'lazy' },
  commander: { parts: ['cli'], load: 'static' },
  picocolors: { parts: ['cli'], load: 'static' },
};

/** Parts that work on data alone: no files, processes or sockets. */
const pure = ['model', 'sql', 'kinds', 'diff', 'dsl', 'plan', 'lint', 'author'];
const outside = /^(node:)?(fs|fs\/promises|child_process|net|http|https|tls|dgram|worker_threads|readline)$/;
const printers = ['cli', 'bin', 'build'];
/** Where a kind may be named in a comparison. */
const kindExperts = ['kinds', 'partitions', 'workload'];
/** SQL names are quoted in sql/; addresses have a grammar of their own. */
const quoting = /^compiler\/(sql\/|model\/address\.ts$)/;
const longest = 300;

interface Rule {
  readonly rule: string;
  readonly on: (source: Source) => boolean;
  /** What is wrong with the file, one line each. */
  readonly check: (source: Source) => readonly string[];
  /** Files that break the rule. */
  readonly broken: readonly (readonly [path: string, text: string])[];
  /** Files that come near and do not break it. */
  readonly kept?: readonly (readonly [path: string, text: string])[];
}

const kinds = kindNames();
const isCompiler = (source: Source): boolean => /^compiler\/.*\.(ts|mjs)$/.test(source.path);
const isText = (source: Source): boolean => source.path !== 'package-lock.json' && !source.path.startsWith('generated/');

/** `compiler/cli.ts` and `compiler/cli/options.ts` are both the part `cli`. */
function partOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.(ts|mjs)$/, '');
}

/** `compiler/kinds/table/alter.ts` belongs to the kind `table`; a file directly in kinds/ to none. */
function kindOf(path: string): string | undefined {
  const [, part, folder, file] = path.split('/');
  return part === 'kinds' && file !== undefined ? folder : undefined;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Checks every import of a file; a judge gives what is wrong with one, or nothing. */
function judgeImports(judge: (source: Source, imported: Import) => string | undefined): Rule['check'] {
  return (source) =>
    importsOf(source).flatMap((imported) => {
      const fault = judge(source, imported);
      return fault === undefined ? [] : [`line ${imported.line}: imports ${imported.specifier}; ${fault}`];
    });
}

/** Checks every node of a file. */
function judgeNodes(judge: (node: ts.Node) => string | undefined): Rule['check'] {
  return (source) =>
    nodesOf(source).flatMap((node) => {
      const fault = judge(node);
      return fault === undefined ? [] : [`line ${lineOf(source, node)}: ${fault}`];
    });
}

/** Checks every line of a file. */
function judgeLines(pattern: RegExp, fault: string): Rule['check'] {
  return (source) => source.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`line ${index + 1}: ${fault}`] : []));
}

function floorFault(source: Source, { specifier }: Import): string | undefined {
  const target = importedPath(source, specifier);
  if (target === undefined) return undefined;
  // The bin starts what the build made.
  if (partOf(source.path) === 'bin' && target.startsWith('dist/')) return undefined;
  if (!target.startsWith('compiler/')) return 'the compiler imports nothing outside its own folder';
  const [from, to] = [partOf(source.path), partOf(target)];
  const [fromFloor, toFloor] = [floorOf.get(from), floorOf.get(to)];
  if (fromFloor === undefined || toFloor === undefined) return `the table of floors has no '${fromFloor === undefined ? from : to}'`;
  return from === to || toFloor < fromFloor
    ? undefined
    : `${from}/ is on floor ${fromFloor}, ${to}/ on floor ${toFloor}, which is not below`;
}

/** Files that are about all kinds at once: the list of them, and the type guards for rules over objects. */
const aboutAllKinds = new Set(['compiler/kinds/registry.ts', 'compiler/kinds/guards.ts']);

function kindImportFault(source: Source, { specifier }: Import): string | undefined {
  const target = importedPath(source, specifier);
  if (target === undefined || partOf(target) !== 'kinds' || aboutAllKinds.has(source.path)) return undefined;
  if (partOf(source.path) !== 'kinds') return undefined;
  if (target === 'compiler/kinds/registry.ts') return 'the registry knows the kinds, no kind knows the registry';
  const kind = kindOf(target);
  return kind === undefined || kind === kindOf(source.path) ? undefined : `only the registry and the kind itself know kinds/${kind}/`;
}

function packageFault(source: Source, { specifier }: Import): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  const part = partOf(source.path);
  const rule = packages[packageOf(specifier)];
  if (rule === undefined) return 'the table of packages does not name it';
  if (!rule.parts.includes(part)) return `only ${rule.parts.join(', ')} may`;
  return part === 'dsl' && source.path !== 'compiler/dsl/zod.ts' ? 'schemac itself loads no package, only schemac/zod does' : undefined;
}

/** `console.log`, `process.exit`, and what else reaches the terminal or ends the process. */
function printFault(node: ts.Node): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [object, member] = [node.expression.text, node.name.text];
  const prints = object === 'console' || (object === 'process' && ['stdout', 'stderr', 'exit', 'exitCode', 'abort'].includes(member));
  return prints ? `${object}.${member}: give it back as data, the command line prints and exits` : undefined;
}

/** Whether a text is for people: the message of an error, or a field such as `hint`. */
function isProse(node: ts.Node): boolean {
  const around = node.parent;
  if (ts.isNewExpression(around)) return /Error$/.test(around.expression.getText());
  if (ts.isCallExpression(around)) return around.expression.getText() === 'fail';
  return ts.isPropertyAssignment(around) && ['message', 'hint', 'purpose', 'reason'].includes(around.name.getText());
}

/** Doubled quotes, and SQL text with a quoted hole: `DROP TABLE "${name}"`. */
function quotingFault(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^replace(All)?$/.test(node.expression.name.text)) {
    const replacement = node.arguments[1];
    const doubles = replacement !== undefined && ts.isStringLiteralLike(replacement) && ['""', "''"].includes(replacement.text);
    return doubles ? 'quotes a name or a text by hand; sql/ does that' : undefined;
  }
  if (!ts.isTemplateExpression(node) || isProse(node)) return undefined;
  const text = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('\0');
  const isSql = /^\s*(CREATE|ALTER|DROP|SELECT|INSERT|UPDATE|DELETE|COMMENT ON|GRANT|REVOKE|SET|WITH|TRUNCATE|REINDEX)\s/.test(text);
  return isSql && /(["'])\0\1/.test(text) ? 'puts quotes round a value in SQL; sql/ does that' : undefined;
}

/** Comparing an object's kind with the name of one, in any of the ways TypeScript has. */
function kindFault(node: ts.Node): string | undefined {
  const isKind = (expression: ts.Expression): boolean =>
    (ts.isIdentifier(expression) && expression.text === 'kind') ||
    (ts.isPropertyAccessExpression(expression) && expression.name.text === 'kind');
  const named = (expression: ts.Node): string[] =>
    ts.isStringLiteralLike(expression) && kinds.has(expression.text) ? [expression.text] : [];
  const found: string[] = [];
  if (ts.isBinaryExpression(node)) {
    const compares = ['===', '!==', '==', '!='].includes(node.operatorToken.getText());
    if (compares && (isKind(node.left) || isKind(node.right))) found.push(...named(node.left), ...named(node.right));
  }
  if (ts.isSwitchStatement(node) && isKind(node.expression)) {
    for (const clause of node.caseBlock.clauses) if (ts.isCaseClause(clause)) found.push(...named(clause.expression));
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [method, owner, [argument]] = [node.expression.name.text, node.expression.expression, node.arguments];
    if (argument !== undefined && isKind(argument) && ts.isArrayLiteralExpression(owner)) found.push(...owner.elements.flatMap(named));
    if (method === 'startsWith' && argument !== undefined && ts.isStringLiteralLike(argument) && argument.text.endsWith(' ')) {
      if (kinds.has(argument.text.trimEnd())) found.push(argument.text.trimEnd());
    }
  }
  return found.length === 0
    ? undefined
    : `asks whether an object is a ${found.join(' or ')}: put that knowledge into kinds/, as data or a slot`;
}

/** The comment that a file begins with: what it is for, in at most five lines. */
function headerFault(source: Source): readonly string[] {
  const text = source.text.replace(/^#!.*\n/, '');
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
  if (comment === undefined) return ['begins without a comment that says what it is for'];
  const lines = comment.split('\n').filter((line) => line.replace(/^\s*\*?\s*/, '') !== '');
  return lines.length <= 5 ? [] : [`begins with a comment of ${lines.length} lines; the one idea fits in five`];
}

/** The heavy packages that importing a file loads at once, each with the chain of files that leads to it. */
function loadedAtOnce(entry: string, files: ReadonlyMap<string, Source>): readonly string[] {
  const chains = new Map([[entry, entry]]);
  const heavy: string[] = [];
  for (const [path, chain] of chains) {
    const source = files.get(path);
    for (const { specifier, form } of source === undefined ? [] : importsOf(source)) {
      const target = source === undefined ? undefined : importedPath(source, specifier);
      if (form !== 'static') continue;
      if (target === undefined) {
        if (packages[packageOf(specifier)]?.load === 'lazy') heavy.push(`${chain} > ${specifier}`);
      } else if (!chains.has(target)) chains.set(target, `${chain} > ${target}`);
    }
  }
  return heavy;
}

const header = '/** What it is. */\n';
const marks = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'];

const rules: readonly Rule[] = [
  {
    rule: 'a floor imports only floors below it',
    on: isCompiler,
    check: judgeImports(floorFault),
    broken: [
      ['compiler/model/object.ts', `import { quoteName } from '../sql/quote.ts';`],
      ['compiler/diff/diff.ts', `import type { Kind } from '../kinds/contract.ts';`],
      ['compiler/plan/order.ts', `const emit = await import('../emit/dbml.ts');`],
      ['compiler/lint/rule.ts', `export * from '../cli.ts';`],
      ['compiler/api.ts', `type Cli = import('./cli.ts').Cli;`],
      ['compiler/plan/order.ts', `import '../../test/support/servers.ts';`],
      ['compiler/plan/order.ts', `import '../attic/old.ts';`],
    ],
    kept: [
      [
        'compiler/plan/order.ts',
        `import './graph.ts'; import { x } from '../kinds/registry.ts'; import type { A } from '../model/address.ts';`,
      ],
    ],
  },
  {
    rule: 'kinds know the shared files of kinds/ and never each other',
    on: isCompiler,
    check: judgeImports(kindImportFault),
    broken: [
      ['compiler/kinds/table/alter.ts', `import { column } from '../column/declare.ts';`],
      ['compiler/kinds/table/alter.ts', `import type { AnyObject } from '../registry.ts';`],
      ['compiler/kinds/catalog.ts', `import { column } from './column/declare.ts';`],
    ],
    kept: [
      ['compiler/kinds/table/alter.ts', `import '../catalog.ts'; import './declare.ts'; import '../contract.ts';`],
      ['compiler/kinds/registry.ts', `import './table/kind.ts';`],
      ['compiler/dsl/table.ts', `import '../kinds/table/declare.ts'; import '../kinds/column/declare.ts';`],
    ],
  },
  {
    rule: 'a package is imported in its own part of the compiler',
    on: isCompiler,
    check: judgeImports(packageFault),
    broken: [
      ['compiler/dsl/table.ts', `import type { Client } from 'pg';`],
      ['compiler/dsl/table.ts', `import { z } from 'zod';`],
      ['compiler/plan/order.ts', `const { PGlite } = await import('@electric-sql/pglite');`],
      ['compiler/commands/compile.ts', `import { build } from 'esbuild';`],
      ['compiler/plan/order.ts', `import { Parser } from '@dbml/core';`],
      ['compiler/emit/dbml.ts', `import leftPad from 'left-pad';`],
    ],
    kept: [
      ['compiler/engine/embedded.ts', `import type { PGlite } from '@electric-sql/pglite'; await import('@electric-sql/pglite/basefs');`],
      ['compiler/dsl/zod.ts', `import { z } from 'zod';`],
    ],
  },
  {
    rule: 'parts that work on data alone touch no files, processes or sockets',
    on: (source) => isCompiler(source) && pure.includes(partOf(source.path)),
    check: judgeImports((_source, { specifier }) => (outside.test(specifier) ? 'this part works on data alone' : undefined)),
    broken: [
      ['compiler/dsl/table.ts', `import { readFileSync } from 'node:fs';`],
      ['compiler/plan/order.ts', `import { exec } from 'child_process';`],
    ],
    kept: [['compiler/dsl/table.ts', `import { createHash } from 'node:crypto';`]],
  },
  {
    rule: 'only the command line prints or exits',
    on: (source) => isCompiler(source) && !printers.includes(partOf(source.path)),
    check: judgeNodes(printFault),
    broken: [
      ['compiler/commands/compile.ts', `console.log('done');`],
      ['compiler/load/bundle.ts', `if (failed) process.exitCode = 1;`],
      ['compiler/load/bundle.ts', `const { columns } = process.stderr;`],
    ],
    kept: [['compiler/load/bundle.ts', `const folder = process.cwd();`]],
  },
  {
    rule: 'names are quoted in sql/ only',
    on: (source) => isCompiler(source) && !quoting.test(source.path),
    check: judgeNodes(quotingFault),
    broken: [
      ['compiler/kinds/table/alter.ts', `const quoted = '"' + name.replaceAll('"', '""') + '"';`],
      ['compiler/kinds/table/alter.ts', 'const sql = `DROP TABLE "${name}"`;'],
      ['compiler/kinds/comment/alter.ts', "const sql = `COMMENT ON TABLE ${table} IS '${text}'`;"],
    ],
    kept: [
      ['compiler/plan/order.ts', "const it = { hint: `CREATE TABLE '${name}' first` }; throw new Error(`DROP TABLE got '${name}'`);"],
      ['compiler/lint/rule.ts', "const message = `the column '${name}' has no doc`; const sql = `DROP TABLE ${quoteName(name)}`;"],
    ],
  },
  {
    rule: 'no kind is named in a comparison outside kinds/',
    on: (source) => isCompiler(source) && !kindExperts.includes(partOf(source.path)),
    check: judgeNodes(kindFault),
    broken: [
      ['compiler/diff/diff.ts', `if (object.kind === 'table') skip();`],
      ['compiler/diff/diff.ts', `const other = objects.filter(({ kind }) => 'column' !== kind);`],
      ['compiler/plan/order.ts', `switch (object.kind) { case 'index': break; }`],
      ['compiler/plan/order.ts', `const constraint = ['check', 'unique'].includes(object.kind);`],
      ['compiler/plan/order.ts', `const isTable = id.startsWith('table ');`],
    ],
    kept: [['compiler/plan/order.ts', `const same = left.kind === right.kind; const node = describe.node === 'table';`]],
  },
  {
    rule: 'a file begins by saying what it is for',
    on: isCompiler,
    check: headerFault,
    broken: [
      ['compiler/diff/diff.ts', `import './other.ts';\n${header}`],
      ['compiler/diff/diff.ts', `/**\n${' * One line more.\n'.repeat(6)} */\n`],
    ],
    kept: [
      ['compiler/diff/diff.ts', header],
      ['compiler/bin.mjs', `#!/usr/bin/env node\n/**\n${' * A line.\n'.repeat(5)} */\n`],
    ],
  },
  {
    rule: `a file has at most ${longest} lines`,
    on: isCompiler,
    check: ({ text }) => (text.split('\n').length - 1 > longest ? [`has ${text.split('\n').length - 1} lines`] : []),
    broken: [['compiler/diff/diff.ts', '\n'.repeat(longest + 1)]],
    kept: [['compiler/diff/diff.ts', '\n'.repeat(longest)]],
  },
  {
    rule: 'nothing is left to do later',
    on: isText,
    check: judgeLines(new RegExp(`\\b(${marks.join('|')})\\b`), 'finish it, or open an issue'),
    broken: marks.map((mark) => ['docs/architecture.md', `First line.\n${mark}: write this.`] as const),
    kept: [['docs/architecture.md', `a${marks[0]}s`]],
  },
  {
    rule: 'the lock file and the npm settings name no registry',
    on: ({ path }) => path === 'package-lock.json' || path === '.npmrc',
    check: judgeLines(/"resolved": "(https?|git)|^\s*(@[^:]*:)?registry\s*=|_auth/, 'npm is asked where its packages are, on each machine'),
    broken: [
      ['package-lock.json', `{\n  "resolved": "https://registry.example/pg.tgz"\n}`],
      ['.npmrc', `registry=https://registry.example/`],
    ],
  },
  {
    rule: 'no path of one machine',
    on: isText,
    check: judgeLines(/(^|[\s"'`(=:,[])(\/(home|Users|work|root|workspace)\/\w|[A-Z]:\\+Users\b)/, 'works on one machine only'),
    broken: ['/home/', '/Users/', '/root/'].map((folder) => ['docs/architecture.md', `Look into ${folder}jo.`] as const),
    kept: [['docs/architecture.md', 'See https://example.org/home/page and /usr/lib/postgresql.']],
  },
];

const sources = allSources();
const asSource = ([path, text]: readonly [string, string]): Source => ({ path, text });

describe.each(rules)('$rule', (rule) => {
  it('holds everywhere', () => {
    const faults = sources.filter(rule.on).flatMap((source) => rule.check(source).map((fault) => `${source.path}: ${fault}`));
    expect(faults).toEqual([]);
  });

  it('notices a file that breaks it', () => {
    const silent = rule.broken.map(asSource).filter((source) => !rule.on(source) || rule.check(source).length === 0);
    expect(silent).toEqual([]);
  });

  it('lets a file that keeps it be', () => {
    const faults = (rule.kept ?? []).map(asSource).flatMap((source) => (rule.on(source) ? rule.check(source) : []));
    expect(faults).toEqual([]);
  });
});

describe('nothing heavy is loaded before it is used', () => {
  const files = new Map(sources.map((source) => [source.path, source]));
  const entries = [...files.keys()].filter((path) =>
    /^compiler\/(api|cli|engine\/open|(commands|dsl|emit|lint|plan)\/[^/]+)\.ts$/.test(path),
  );

  it.each(entries)('by %s', (entry) => {
    expect(loadedAtOnce(entry, files)).toEqual([]);
  });

  it('notices a heavy package behind another file, and lets a lazy import be', () => {
    const broken = [
      { path: 'compiler/cli.ts', text: `import './commands/compile.ts'; const later = () => import('./commands/watch.ts');` },
      { path: 'compiler/commands/compile.ts', text: `import { build } from 'esbuild'; import type { Client } from 'pg';` },
      { path: 'compiler/commands/watch.ts', text: `import chokidar from 'chokidar';` },
    ];
    const loaded = loadedAtOnce('compiler/cli.ts', new Map(broken.map((source) => [source.path, source])));
    expect(loaded).toEqual(['compiler/cli.ts > compiler/commands/compile.ts > esbuild']);
  });
});

describe('the rules see the repository', () => {
  it('reads the compiler, the tests and the settings', () => {
    const paths = sources.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['compiler/model/object.ts', 'test/architecture.test.ts', 'package.json', 'package-lock.json']),
    );
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  it('knows every part of the compiler', () => {
    const parts = new Set(sources.filter(isCompiler).map(({ path }) => partOf(path)));
    expect([...parts].filter((part) => !floorOf.has(part))).toEqual([]);
  });

  it('knows the kinds', () => {
    expect([...kinds]).toEqual(expect.arrayContaining(['table', 'column', 'index', 'foreign-key']));
  });
});
