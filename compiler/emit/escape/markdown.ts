/**
 * The one idea: any text inside GitHub-flavoured Markdown without becoming Markdown, HTML, a mention
 * or mathematics. Table cells and code spans differ from running text, so each has its function.
 */

/** Punctuation that can begin something in running text; each may be escaped by a backslash (CommonMark §2.4). */
const special = /[\\`*_[\]<>#|~$&!]/g;
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

function escapeInline(text: string): string {
  return (
    text
      .replace(control, '\ufffd')
      // Inside a word an underscore is no emphasis, and names stay readable in the source.
      .replace(special, (character, position: number, whole: string) => {
        if (character === '_' && /\w/.test(whole[position - 1] ?? '') && /\w/.test(whole[position + 1] ?? '')) return character;
        if (character === '!' && whole[position + 1] !== '[') return character;
        if (character === '#' && !/\d/.test(whole[position + 1] ?? '') && position !== 0) return character;
        return `\\${character}`;
      })
      // A mention notifies people; the zero-width joiner is GitHub's own advice against it.
      .replace(/(^|[^\w])@(?=\w)/g, '$1@\u200b')
  );
}

/** Running text on one line. */
export function markdownText(text: string): string {
  const line = text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim();
  return escapeInline(line)
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Running text that keeps its blank lines as paragraphs. */
export function markdownParagraphs(text: string): string {
  return text
    .split(/\r?\n\s*\n/)
    .map(markdownText)
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

/** Text for a cell of a table: line breaks stay visible as `<br>`. */
export function markdownCell(text: string): string {
  return text
    .trim()
    .split(/\s*(?:\r\n|[\r\n\u2028\u2029])\s*/)
    .map((line) => escapeInline(line))
    .join('<br>');
}

function codeSpan(text: string): string {
  const line = text.replace(/\r\n|[\r\n\u2028\u2029]/g, ' ').replace(control, '\ufffd');
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  // A space on both sides is stripped again, and keeps a backtick or a space at an edge.
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A code span in running text. */
export function markdownCode(text: string): string {
  return codeSpan(text);
}

/** A code span in a table cell, where GFM reads `\|` as a bar even inside code. */
export function markdownCodeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}

/** A fenced block whose fence is longer than any run of backticks in it. */
export function markdownBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')}\n${fence}`;
}

/** A link; the label is Markdown already, the target a relative path. */
export function markdownLink(label: string, target: string): string {
  return `[${label}](${target})`;
}

/** A table; cells are Markdown already. Columns that are empty in every row vanish, and so does a table without rows. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const kept = head.map((_title, column) => column).filter((column) => rows.some((row) => (row[column] ?? '') !== ''));
  const line = (cells: readonly string[]): string => `| ${kept.map((column) => cells[column] ?? '').join(' | ')} |`;
  return [line(head), `|${kept.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Sections joined by one blank line; empty ones vanish. Ends with one line break. */
export function markdownPage(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A heading with its section, or nothing where the section is empty. */
export function markdownSection(level: number, title: string, body: string): string {
  return body === '' ? '' : `${'#'.repeat(level)} ${title}\n\n${body}`;
}

/** The anchor that GitHub gives to a heading: lower case, punctuation gone, spaces as hyphens. */
export function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
