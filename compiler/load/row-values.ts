/**
 * Values of declared rows as texts that PostgreSQL reads: what node-postgres would give for a column
 * is what is written there. How PostgreSQL spells them is its own affair; only keys, which name the
 * rows, must be written as it prints them.
 */

/** A text, null for NULL, or undefined where the value means nothing to PostgreSQL. */
export function valueText(value: unknown, type: string): string | null | undefined {
  if (value === null) return null;
  if (Array.isArray(value) && type.endsWith('[]')) return arrayText(value, type.slice(0, -2));
  if (/^jsonb?$/.test(type)) return JSON.stringify(value);
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? undefined : value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return objectText(value, type);
    default:
      return undefined;
  }
}

function objectText(value: object, type: string): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : type === 'date' ? dayText(value) : value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  const fields = value as { readonly [name: string]: unknown };
  if (type === 'point')
    return typeof fields['x'] === 'number' && typeof fields['y'] === 'number' ? `(${fields['x']},${fields['y']})` : undefined;
  return type.startsWith('interval') ? intervalText(fields) : undefined;
}

/** node-postgres gives a date as midnight in the zone of the process. */
function dayText(value: Date): string {
  const part = (number: number, length: number): string => String(number).padStart(length, '0');
  return `${part(value.getFullYear(), 4)}-${part(value.getMonth() + 1, 2)}-${part(value.getDate(), 2)}`;
}

const intervalFields = ['years', 'months', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'];

function intervalText(fields: { readonly [name: string]: unknown }): string | undefined {
  const entries = Object.entries(fields).filter(([, amount]) => typeof amount !== 'function');
  if (!entries.every(([name, amount]) => intervalFields.includes(name) && typeof amount === 'number')) return undefined;
  return entries.length === 0 ? '0' : entries.map(([name, amount]) => `${String(amount)} ${name}`).join(' ');
}

/** An array's elements in quotes, in which a quote and a backslash are escaped (manual §8.15.6). */
function arrayText(value: readonly unknown[], element: string): string | undefined {
  const texts = value.map((each) => {
    if (Array.isArray(each)) return arrayText(each, element);
    const text = valueText(each, element);
    return text === null ? 'NULL' : text === undefined ? undefined : `"${text.replaceAll(/["\\]/g, (found) => `\\${found}`)}"`;
  });
  return texts.includes(undefined) ? undefined : `{${texts.join(',')}}`;
}

type Canonical = (text: string) => string | undefined;

const integer: Canonical = (text) => (/^[-+]?\d+$/.test(text) ? BigInt(text).toString() : undefined);
const plain: Canonical = (text) => text;

const canonical: readonly (readonly [RegExp, Canonical])[] = [
  [/^(?:smallint|integer|bigint)$/, integer],
  [/^(?:text|citext|character varying(?:\(\d+\))?)$/, plain],
  [/^uuid$/, (text) => (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined)],
  [/^boolean$/, (text) => (/^(?:true|false)$/.test(text) ? text : undefined)],
  [/^date$/, (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined)],
];

/** Whether values of the type can name a row: those whose texts are the same here and in PostgreSQL. */
export function canBeKey(type: string, isEnum: boolean): boolean {
  return isEnum || canonical.some(([form]) => form.test(type));
}

/** The text of a key's value as PostgreSQL prints it; undefined where it is no value of the type. */
export function keyValueText(value: unknown, type: string): string | undefined {
  const text = valueText(value, type);
  if (text === null || text === undefined) return undefined;
  return (canonical.find(([form]) => form.test(type))?.[1] ?? plain)(text);
}
