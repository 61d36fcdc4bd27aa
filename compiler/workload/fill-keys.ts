/**
 * Keys of several columns that never come twice: which value of its domain each column takes in row k.
 * Arithmetic over row numbers; what the values are is worked out elsewhere.
 */

export interface KeyPart {
  readonly column: string;
  /** How many values the column has. */
  readonly size: number;
  /** `in order`: its value goes up with the rows; `reference`: the row of another table. */
  readonly form: 'in order' | 'reference' | 'listed';
}

/** A prime larger than most tables and no power of two away from any: k · prime mod size visits every value once a round. */
const prime = 1_000_000_007;

/** SQL of an index, from 0, for the columns that must not be drawn; the others of the key stay as they are. */
export function combined(parts: readonly KeyPart[], rows: number): ReadonlyMap<string, string> {
  const largest = [...parts].filter(({ form }) => form === 'reference').sort((left, right) => right.size - left.size)[0];
  const isOrdered = parts.some(({ form }) => form === 'in order');
  // Rows of one day are fewer than the rows referred to, so that a round through all of these meets none twice in a day.
  if (largest !== undefined && (isOrdered || largest.size >= rows)) return new Map([[largest.column, roundRobin('(k - 1)', largest.size)]]);
  const digits = parts.filter(({ form }) => form !== 'in order').sort((left, right) => left.size - right.size);
  const found = new Map<string, string>();
  let rest = isOrdered ? '(n - 1)' : '(k - 1)';
  digits.forEach(({ column, size }, at) => {
    const isLast = at === digits.length - 1 && !isOrdered;
    found.set(column, isLast ? rest : `(${rest} % ${Math.max(1, size)})`);
    rest = `(${rest} / ${Math.max(1, size)})`;
  });
  const ordered = parts.find(({ form }) => form === 'in order');
  if (ordered !== undefined) found.set(ordered.column, `(${rest} % ${Math.max(1, ordered.size)})`);
  return found;
}

function roundRobin(number: string, size: number): string {
  return size < 2 ? '0::bigint' : `(${number} * ${prime % size === 0 ? prime + 2 : prime % size} % ${size})`;
}
