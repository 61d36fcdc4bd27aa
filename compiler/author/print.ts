/**
 * Prints source nodes as prettier 3 prints them with single quotes and 140 columns, which is how schema
 * files are formatted: what fits stands on one line, a literal at the end of a call opens on the line
 * of the call. Layout alone; what an identifier is comes from the caller.
 */
import type { Address } from '../model/address.ts';
import type { ArrayNode, CallNode, Entry, ObjectNode, SourceNode, SqlNode } from '../model/source.ts';
import { keyText, quotedText, templateText } from './text.ts';

export const lineWidth = 140;

/** What an arrow gives, said where type inference would go in a circle. */
export const arrowTypes = { toTable: 'AnyTable', inSql: 'Declaration' } as const;

/** How declarations are named where the source stands. */
export interface Naming {
  readonly identifier: (id: Address) => string;
  /** Whether an arrow to it must say its type, since type inference would go in a circle. */
  readonly isCircular: (id: Address) => boolean;
  /** Whether it may not have been evaluated yet: in SQL it then is given by a function. */
  readonly isLater: (id: Address) => boolean;
}

/** Where a node is printed: how deep, at which column it begins, and how much follows on its last line. */
interface Place {
  readonly indent: number;
  readonly column: number;
  readonly after: number;
}

/** `export const users = table(…);` */
export function printDeclaration(identifier: string, value: SourceNode, naming: Naming): string {
  const head = `export const ${identifier} = `;
  return `${head}${print(value, { indent: 0, column: width(head), after: 1 }, naming)};\n`;
}

/** A value by itself, on one line where it fits. */
export function printValue(value: SourceNode, naming: Naming): string {
  return print(value, { indent: 0, column: 0, after: 0 }, naming);
}

/** `export default project(…);` */
export function printDefault(value: SourceNode, naming: Naming): string {
  const head = 'export default ';
  return `${head}${print(value, { indent: 0, column: width(head), after: 1 }, naming)};\n`;
}

/** `import { a, b } from './c.ts';`, on several lines where it is too long for one. */
export function printImport(words: readonly string[], from: string, form: 'values' | 'types'): string {
  const keyword = form === 'types' ? 'import type' : 'import';
  const line = `${keyword} { ${words.join(', ')} } from ${quotedText(from)};`;
  // A single name stays on the line, however long.
  if (width(line) <= lineWidth || words.length === 1) return `${line}\n`;
  return `${keyword} {\n${words.map((word) => `  ${word},\n`).join('')}} from ${quotedText(from)};\n`;
}

/** Columns as prettier counts them: wide characters of East Asian scripts and emoji take two, combining ones none. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text.normalize()) columns += columnsOf(character);
  return columns;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function columnsOf(character: string): number {
  if (/\p{Mn}|\p{Cf}|\p{Cc}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

function print(node: SourceNode, place: Place, naming: Naming): string {
  const flat = flatText(node, naming);
  if (flat !== undefined && place.column + width(flat) + place.after <= lineWidth) return flat;
  if (node.node === 'object') return printObject(node, place, naming);
  if (node.node === 'array') return printArray(node, place, naming);
  if (node.node === 'call') return printCall(node, place, naming);
  return node.node === 'sql' ? sqlText(node, naming) : (flat ?? '');
}

/** The node on one line; `undefined` where something in it must stand on several. */
function flatText(node: SourceNode, naming: Naming): string | undefined {
  switch (node.node) {
    case 'value':
      return valueText(node.value);
    case 'declared':
      return `${naming.identifier(node.id)}${node.member === undefined ? '' : `.${node.member}`}`;
    case 'arrow':
      return arrowText(node.id, arrowTypes.toTable, naming);
    case 'sql':
      return flatSql(node, naming);
    case 'object':
      return flatObject(node, naming);
    case 'array':
      return flatArray(node, naming);
    case 'call':
      return flatCall(node, naming);
  }
}

function arrowText(id: Address, type: string, naming: Naming): string {
  return `()${naming.isCircular(id) ? `: ${type}` : ''} => ${naming.identifier(id)}`;
}

function valueText(value: string | number | bigint | boolean | null): string {
  if (typeof value === 'string') return quotedText(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function sqlText({ parts }: SqlNode, naming: Naming): string {
  const text = parts.map((part) => {
    if (typeof part === 'string') return templateText(part);
    return `\${${naming.isLater(part.id) ? arrowText(part.id, arrowTypes.inSql, naming) : naming.identifier(part.id)}}`;
  });
  return `sql\`${text.join('')}\``;
}

function flatSql(node: SqlNode, naming: Naming): string | undefined {
  const text = sqlText(node, naming);
  return text.includes('\n') ? undefined : text;
}

function flatObject({ entries, isList }: ObjectNode, naming: Naming): string | undefined {
  if (entries.length === 0) return '{}';
  if (isList === true) return undefined;
  const texts = entries.map(({ key, value }) => {
    const flat = flatText(value, naming);
    return flat === undefined ? undefined : `${keyText(key)}: ${flat}`;
  });
  return texts.includes(undefined) ? undefined : `{ ${texts.join(', ')} }`;
}

function flatArray({ items }: ArrayNode, naming: Naming): string | undefined {
  if (breaksAlways(items)) return undefined;
  const texts = items.map((each) => flatText(each, naming));
  return texts.includes(undefined) ? undefined : `[${texts.join(', ')}]`;
}

/** Several literals of several entries each do not share a line. */
function breaksAlways(items: readonly SourceNode[]): boolean {
  if (items.length < 2) return false;
  const isLarge = (each: SourceNode, node: string): boolean =>
    each.node === node && (each.node === 'object' ? each.entries.length > 1 : each.node === 'array' && each.items.length > 1);
  return items.every((each) => isLarge(each, 'object')) || items.every((each) => isLarge(each, 'array'));
}

/** A template of several lines alone in a call is no reason to break the call. */
function isTemplateAlone({ arguments: given }: CallNode, naming: Naming): boolean {
  const [only] = given;
  return given.length === 1 && only?.node === 'sql' && flatSql(only, naming) === undefined;
}

/** Functions beside functions, or beside calls that take some, stand on a line each. */
function composesFunctions({ arguments: given }: CallNode): boolean {
  const isArrow = (each: SourceNode): boolean => each.node === 'arrow';
  return (
    given.length > 1 && (given.filter(isArrow).length > 1 || given.some((each) => each.node === 'call' && each.arguments.some(isArrow)))
  );
}

function flatCall(node: CallNode, naming: Naming): string | undefined {
  if (composesFunctions(node)) return undefined;
  const callee = typeof node.callee === 'string' ? node.callee : flatCall(node.callee, naming);
  const texts = node.arguments.map((each) => flatText(each, naming));
  return callee === undefined || texts.includes(undefined) ? undefined : `${callee}(${texts.join(', ')})`;
}

function printObject({ entries }: ObjectNode, { indent }: Place, naming: Naming): string {
  const lines = entries.map((entry) => `${printEntry(entry, indent + 2, naming)},\n`);
  return `{\n${lines.join('')}${' '.repeat(indent)}}`;
}

/** A key of up to four characters keeps a long text on its line; a longer one sends it to the next. */
function printEntry({ key, value }: Entry, indent: number, naming: Naming): string {
  const head = `${' '.repeat(indent)}${keyText(key)}: `;
  const isText = value.node === 'value' && typeof value.value === 'string';
  const text = print(value, { indent, column: width(head), after: 1 }, naming);
  if (!isText || width(keyText(key)) < 5 || width(head) + width(text) + 1 <= lineWidth) return head + text;
  return `${head.trimEnd()}\n${' '.repeat(indent + 2)}${text}`;
}

function printArray({ items }: ArrayNode, { indent }: Place, naming: Naming): string {
  const inner = ' '.repeat(indent + 2);
  const isNumber = (each: SourceNode): boolean =>
    each.node === 'value' && (typeof each.value === 'number' || typeof each.value === 'bigint');
  if (items.length > 1 && items.every(isNumber)) return filledArray(items, indent, naming);
  const lines = items.map((each) => `${inner}${print(each, { indent: indent + 2, column: indent + 2, after: 1 }, naming)},\n`);
  return `[\n${lines.join('')}${' '.repeat(indent)}]`;
}

/** Numbers share lines as far as they fit. */
function filledArray(items: readonly SourceNode[], indent: number, naming: Naming): string {
  const inner = ' '.repeat(indent + 2);
  const lines: string[] = [];
  for (const each of items) {
    const text = `${flatText(each, naming) ?? ''},`;
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(text) <= lineWidth) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(inner + text);
  }
  return `[\n${lines.join('\n')}\n${' '.repeat(indent)}]`;
}

function printCall(node: CallNode, place: Place, naming: Naming): string {
  const { indent, column, after } = place;
  const callee =
    typeof node.callee === 'string'
      ? node.callee
      : print(node.callee, { indent, column, after: node.arguments.length === 0 ? after + 2 : 1 }, naming);
  if (node.arguments.length === 0) return `${callee}()`;
  const start = callee.includes('\n') ? width(callee.slice(callee.lastIndexOf('\n') + 1)) : column + width(callee);
  const given = node.arguments;
  const flat = given.map((each) => flatText(each, naming));
  const breaks = composesFunctions(node);
  if (!breaks && !flat.includes(undefined) && start + width(flat.join(', ')) + 2 + after <= lineWidth)
    return `${callee}(${flat.join(', ')})`;
  if (isTemplateAlone(node, naming)) return `${callee}(${print(given[0] as SqlNode, place, naming)})`;
  const others = flat
    .slice(0, -1)
    .map((each) => `${each ?? ''}, `)
    .join('');
  const last = given.at(-1);
  if (!breaks && last !== undefined && opensOnTheLine(given, naming) && start + width(others) + 2 <= lineWidth) {
    const opened = last.node === 'object' ? printObject(last, place, naming) : printArray(last as ArrayNode, place, naming);
    return `${callee}(${others}${opened})`;
  }
  const inner = { indent: indent + 2, column: indent + 2, after: 1 };
  const lines = given.map((each) => `${' '.repeat(indent + 2)}${print(each, inner, naming)},\n`);
  return `${callee}(\n${lines.join('')}${' '.repeat(indent)})`;
}

/** Whether the last argument is a literal that opens on the line of the call, the others before it being flat. */
function opensOnTheLine(given: readonly SourceNode[], naming: Naming): boolean {
  const last = given.at(-1);
  const others = given.slice(0, -1);
  if (last?.node !== 'object' && last?.node !== 'array') return false;
  const size = last.node === 'object' ? last.entries.length : last.items.length;
  const isFilled =
    last.node === 'array' && last.items.length > 1 && last.items.every((each) => each.node === 'value' && typeof each.value === 'number');
  if (given.length === 2 && others[0]?.node === 'arrow' && last.node === 'array') return false;
  if (size === 0 || (isFilled && given.length > 1) || others.at(-1)?.node === last.node) return false;
  return others.every((each) => flatText(each, naming) !== undefined);
}
