/**
 * Which differences may be of spelling alone. An expression or a query is printed by a server and may
 * be printed in more than one way; a name, a word, a number or a type with its length may not. The
 * distinction keeps an engine from being started for nothing, and what an engine cannot hold (a
 * role, a tablespace) from looking equal in it.
 */

/** `integer`, `numeric(12,2)`, `character varying(40)[]`, `"Mixed".name`. */
const plain = /^[\w ."-]*(\(\d+(,-?\d+)?\)[\w ]*)?(\[\])*$/;

function isPlain(text: string): boolean {
  return plain.test(text) && !/^\s*select\s/i.test(text);
}

/** Whether two different values differ in texts alone, and in one at least that is no plain word. */
export function isSpelledText(left: unknown, right: unknown): boolean {
  const texts: [string, string][] = [];
  return differences(left, right, texts) && texts.some(([one, other]) => !isPlain(one) || !isPlain(other));
}

/** Collects texts that differ; false where anything else does. */
function differences(left: unknown, right: unknown, texts: [string, string][]): boolean {
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') return texts.push([left, right]) > 0;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const [one, other] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => differences(one[name], other[name], texts));
}
