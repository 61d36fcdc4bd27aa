/**
 * Texts that a regular expression or a LIKE pattern probably matches: candidates only, PostgreSQL
 * decides. Knows the usual part of the syntax (manual §9.7); anything else is taken as it is written.
 */

interface Reader {
  readonly pattern: string;
  at: number;
  /** Makes the texts of one pattern differ: chooses branches and characters. */
  readonly variant: number;
}

/** A text for a POSIX regular expression; another one for each variant where there is a choice. */
export function textForRegex(pattern: string, variant: number): string {
  return readBranches({ pattern, at: 0, variant });
}

/** A text for a LIKE pattern. */
export function textForLike(pattern: string, variant: number): string {
  const letter = String.fromCharCode(97 + (variant % 26));
  // Some short, some long: a length is often asked for beside the pattern.
  const run = letter.repeat(variant % 2 === 0 ? 1 : 8);
  return pattern.replace(/\\(.)|%|_/gs, (found, escaped: string | undefined) => escaped ?? (found === '%' ? run : letter));
}

function readBranches(reader: Reader): string {
  const branches = [readSequence(reader)];
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1;
    branches.push(readSequence(reader));
  }
  return branches[reader.variant % branches.length] ?? '';
}

function readSequence(reader: Reader): string {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const start = reader.at;
    const first = readAtom(reader, 0);
    const end = reader.at;
    const count = readCount(reader);
    const rest = Array.from({ length: Math.max(count - 1, 0) }, (_, index) =>
      readAtom({ ...reader, at: start, pattern: reader.pattern.slice(0, end) }, index + 1),
    );
    text += count === 0 ? '' : first + rest.join('');
  }
  return text;
}

const classes: { readonly [letter: string]: string } = {
  d: '123456789',
  w: 'abcdefghij',
  s: ' ',
  D: 'abcdef',
  W: '-',
  S: 'abcdef',
  y: '',
  m: '',
  M: '',
  A: '',
  Z: '',
};
const named: readonly (readonly [string, string])[] = [
  ['[:alpha:]', 'a-z'],
  ['[:upper:]', 'A-Z'],
  ['[:lower:]', 'a-z'],
  ['[:digit:]', '1-9'],
  ['[:alnum:]', 'a-z0-9'],
  ['[:space:]', ' '],
  ['[:xdigit:]', '0-9a-f'],
  ['[:punct:]', '-'],
];

function readAtom(reader: Reader, repetition: number): string {
  const character = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  const choose = (from: string): string => from[(reader.variant + repetition) % Math.max(from.length, 1)] ?? '';
  if (character === '^' || character === '$') return '';
  if (character === '.') return choose('abcdefghij');
  if (character === '[') return choose(readClass(reader));
  if (character === '(') return readGroup(reader);
  if (character !== '\\') return character;
  const escaped = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  return escaped in classes ? choose(classes[escaped] ?? '') : escaped;
}

function readGroup(reader: Reader): string {
  const look = /^\?([:=!]|<[=!])/.exec(reader.pattern.slice(reader.at))?.[1];
  if (look !== undefined) reader.at += look.length + 1;
  const text = readBranches(reader);
  reader.at += 1;
  // What stands in a look-ahead is matched by what follows.
  return look === undefined || look === ':' ? text : '';
}

/** The characters of a bracket expression, the reader past its opening bracket. */
function readClass(reader: Reader): string {
  const close = /^\^?\]?(?:\[[:.=][^\]]*\]|\\.|[^\]\\])*/s.exec(reader.pattern.slice(reader.at))?.[0] ?? '';
  reader.at += close.length + 1;
  const inside = named
    .reduce((text, [name, range]) => text.replaceAll(name, range), close)
    .replace(/\\([dws])/g, (_, letter: string) => classes[letter] ?? '');
  const negated = inside.startsWith('^');
  const set = (negated ? inside.slice(1) : inside)
    .replace(/(.)-(.)/gs, (_, from: string, to: string) => range(from, to))
    .replaceAll('\\', '');
  return negated ? [...'abcxyz019-_ AZ'].filter((character) => !set.includes(character)).join('') : set;
}

function range(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), Math.min(to.charCodeAt(0), from.charCodeAt(0) + 40)];
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => String.fromCharCode(first + index)).join('');
}

/** How often the atom just read is wanted: the least that is allowed, at least once where that is allowed. */
function readCount(reader: Reader): number {
  const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reader.pattern.slice(reader.at));
  if (quantifier === null) return 1;
  reader.at += quantifier[0].length;
  if (quantifier[1] === undefined) return quantifier[0].startsWith('+') ? 2 : 1;
  const least = Number(quantifier[1]);
  return quantifier[2] === ',' && quantifier[3] !== '0' ? Math.max(least, 1) : least;
}
