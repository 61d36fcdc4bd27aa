/** What `pull` says of its work, as data and as lines: authored, left opaque, not pulled, named otherwise. */
import type { AuthoredSchema } from '../author/author.ts';
import type { Recognised } from '../author/recognise-rules.ts';
import type { Selection } from '../author/select.ts';
import { parseAddress } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import type { Source } from '../sources/source.ts';
import type { NotModelledReport } from './not-modelled.ts';
import type { PullArguments } from './pull.ts';

export interface PullOutcome {
  readonly source: Source;
  readonly selection: Selection;
  readonly recognised: Recognised;
  readonly authored: AuthoredSchema;
  readonly unmodelled: NotModelledReport;
  /** The folder, relative to the project. */
  readonly out: string;
  readonly given: PullArguments;
}

/** The object that `--json` prints. */
export function pullReport({ source, selection, recognised, authored, unmodelled, out, given }: PullOutcome) {
  return {
    database: source.name,
    postgres: source.spelled.major,
    folder: out,
    written: given.writing === 'write',
    proven: given.proof === 'prove',
    files: [...authored.files.keys()],
    ...(given.writing === 'show' ? { contents: Object.fromEntries(authored.files) } : {}),
    authored: countsOf({ recognised, authored }),
    external: [...selection.externals].sort(compareText),
    partitionRules: recognised.rules,
    opaque: authored.opaque,
    notModelled: unmodelled.entries,
    renamed: authored.renamed,
    otherSchemas: selection.left,
  };
}

/** How many objects of each kind are said in words of the schema language. */
function countsOf({ recognised, authored }: Pick<PullOutcome, 'recognised' | 'authored'>): { readonly [kind: string]: number } {
  const opaque = new Set(authored.opaque.map(({ object }) => object));
  const counts = new Map<string, number>();
  for (const { id } of recognised.state.values()) {
    const kind = parseAddress(id)?.kind ?? '';
    if (!opaque.has(id)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => compareText(left, right)));
}

/** `1 table`, `3 indexes`, `2 policies`. */
function counted(count: number, noun: string): string {
  const plural = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : /(s|x|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;
  return `${String(count)} ${count === 1 ? noun : plural}`;
}

const listedAtMost = 20;

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, listedAtMost).map((line) => `  ${line}`);
  const more = lines.length > shown.length ? [`  and ${String(lines.length - shown.length)} more: --json lists them all`] : [];
  return ['', title, ...shown, ...more];
}

export function pullLines(outcome: PullOutcome): readonly string[] {
  const { source, selection, recognised, authored, out, given } = outcome;
  const files = [...authored.files.keys()];
  const counts = Object.entries(countsOf(outcome)).map(([kind, count]) => counted(count, kind.replaceAll('-', ' ')));
  const shown = given.writing === 'show' ? [...authored.files].flatMap(([path, text]) => [`// ${out}/${path}`, text]) : [];
  return [
    ...shown,
    `${given.writing === 'write' ? 'wrote' : 'would write'} ${counted(files.length, 'file')} to ${out}/ from ${source.name} (PostgreSQL ${source.spelled.name.split(' ')[1] ?? ''})`,
    `authored: ${counts.join(', ')}`,
    given.proof === 'prove' ? 'proven: loaded and built anew, the schema is what the database holds' : 'not proven: --no-proof was given',
    ...listed(
      'partitions that line up became rules:',
      recognised.rules.map(
        ({ table, every, partitions, zone }) =>
          `${table}, ${String(partitions)} partitions of ${every}${zone === undefined ? '' : ` in ${zone}`}`,
      ),
    ),
    ...listed('declared as tables of other teams:', [...selection.externals].sort(compareText)),
    ...listed(
      'left opaque, as the SQL that makes it:',
      authored.opaque.map(({ object, because }) => `${object}: ${because}`),
    ),
    ...listed(
      'called otherwise in TypeScript:',
      authored.renamed.map(({ object, identifier }) => `${object} is ${identifier}`),
    ),
    ...(selection.left === 0 ? [] : ['', `not pulled: ${String(selection.left)} objects of other schemas`]),
    ...(given.writing === 'write' ? nextLines : []),
  ];
}

const nextLines = [
  '',
  'next:',
  '  npx schemac init                         the settings around it: package.json, tsconfig.json; schema/ stays as it is',
  '  npx schemac compile                      writes the first migration, which makes all of it, and the documents',
  '  npx schemac migrate --baseline 0001      says of this database that it has that migration already',
];
