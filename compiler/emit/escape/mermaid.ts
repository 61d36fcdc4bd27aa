/**
 * The one idea: any text made safe as Mermaid source that 11.12 parses, shown as it was written.
 * Mermaid decodes `#quot;`-style entities after its own grammar and Markdown have run, so what
 * either would take for syntax is written as an entity. Nothing about tables or layout enters here.
 */

const entities: { readonly [character: string]: string } = {
  '"': '#quot;',
  '%': '#37;',
  '\\': '#92;',
  '#': '#35;',
  '&': '#amp;',
  '<': '#lt;',
  '>': '#gt;',
  '*': '#42;',
  '`': '#96;',
  '~': '#126;',
  $: '#36;',
  '[': '#91;',
  ']': '#93;',
};

/** Control, separator and bidirectional characters: invisible, and some of them end a token. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text for inside double quotes (an entity's label, an attribute's comment, a relation's label) and
 * for `accTitle:` and `accDescr:` lines. Line breaks become spaces.
 */
export function mermaidText(text: string): string {
  const oneLine = text
    .replace(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, ' ')
    .replace(/\t/g, ' ')
    .replace(invisible, '\u00b7');
  return (
    oneLine
      .replace(/["%\\#&<>*`~$[\]]/g, (character) => entities[character] ?? character)
      // An underscore at the edge of a word is emphasis to Mermaid's Markdown; inside a word it is none.
      .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => '#95;'.repeat(run.length))
      // Mermaid cuts the last semicolon of a line that looks like `style x:y#z;`.
      .replace(/:(?=\S)/g, '#58;')
  );
}

/** Where a name cannot be a Mermaid word, the nearest one that can. */
export function mermaidName(name: string): string {
  const emphasised = /^_+(.*?)_+$/.exec(name);
  const word = (emphasised?.[1] ?? name).replace(/[^A-Za-z0-9_\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff]/g, '_');
  if (word === '' || /^_+$/.test(word)) return 'column_';
  if (/^[0-9]/.test(word)) return `n${word}`;
  // `pk`, `fk` and `uk` are key marks in any case, also in front of a letter that JavaScript's \b takes for none.
  return /^(?:pk|fk|uk)(?![A-Za-z0-9_])/i.test(word) ? `${word.slice(0, 2)}_${word.slice(2)}` : word;
}

const shortTypes: { readonly [type: string]: string } = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'character varying': 'varchar',
  character: 'char',
  'double precision': 'double',
  'bit varying': 'varbit',
};

/** A type as one Mermaid word: aliases for the types of two words, look-alikes for dot and comma (refused before 11.16). */
export function mermaidType(type: string): string {
  const match = /^([a-z ]+?)(\(\d+(?:,\s*\d+)?\))?( with(?:out)? time zone)?((?:\[\])*)$/.exec(type);
  const base = match === null ? type : `${match[1] ?? ''}${match[3] ?? ''}`;
  const short = match === null ? type : `${shortTypes[base] ?? base}${match[2] ?? ''}${match[4] ?? ''}`;
  const word = short
    .replace(/,\s*/g, '\u201a')
    .replaceAll('.', '\u2024')
    .replaceAll('"', '')
    .replace(/[^A-Za-z0-9_()[\]\u00c0-\u024f\u0370-\u1fff\u201a\u2024\u3040-\ud7ff]/g, '_');
  return /^[A-Za-z\u00c0-\ud7ff]/.test(word) && !/^(?:pk|fk|uk)(?![A-Za-z0-9_])/i.test(word) ? word : `t_${word}`;
}
