/** Texts as TypeScript holds them: string literals, keys of object literals, and the text of a template. */

/** Identifiers of the Basic Multilingual Plane: what a key may be without quotes since ECMAScript 5. */
const plainKey = /^(?=[\0-\uffff]*$)[\p{L}\p{Nl}$_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}$]*$/u;

/** Characters that would end a line, or that nobody sees, are written by their number. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (character) =>
    character === '\r' ? '\\r' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A string literal in the quotes that need fewer escapes, single ones where it is the same. */
export function quotedText(text: string): string {
  const single = text.split("'").length;
  const double = text.split('"').length;
  const quote = single > double ? '"' : "'";
  const inner = escaped(text.replaceAll('\\', '\\\\')).replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll(quote, `\\${quote}`);
  return `${quote}${inner}${quote}`;
}

/** A key of an object literal. `__proto__` as it stands, quoted or not, would be no key. */
export function keyText(key: string): string {
  if (key === '__proto__') return `['__proto__']`;
  return plainKey.test(key) ? key : quotedText(key);
}

/** Text between the backticks of a template. */
export function templateText(text: string): string {
  return escaped(text.replaceAll('\\', '\\\\')).replaceAll('`', '\\`').replaceAll('${', '\\${');
}
