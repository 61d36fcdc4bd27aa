/**
 * The one idea: any text as a DBML name, string or expression, read back by @dbml/core 10 as it was.
 * In both kinds of quotes DBML knows \n, \t, \\, the quote and \uXXXX; in backticks it knows nothing.
 */

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escapeCharacter);
}

/** A name, always in double quotes. */
export function dbmlName(name: string): string {
  return `"${escapeText(name).replaceAll('"', '\\"')}"`;
}

/** A string in single quotes, on one line. */
export function dbmlText(text: string): string {
  return `'${escapeText(text).replaceAll("'", "\\'")}'`;
}

/** An expression in backticks; `undefined` where it holds a backtick, which DBML cannot say. */
export function dbmlExpression(text: string): string | undefined {
  return text.includes('`') || text.includes('\r') ? undefined : `\`${text}\``;
}

/** A column's type: plain where DBML's grammar takes it as one word, else quoted. */
export function dbmlType(type: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(type) ? type : dbmlName(type);
}
