/**
 * schema/volumes.ts: what a database's statistics say, in the schema language. A file of the project that
 * people read and may edit; the same figures give the same bytes.
 */
import { keyText, quotedText } from '../author/text.ts';
import type { Address } from '../model/address.ts';
import type { ColumnValues, Volume } from '../model/workload.ts';

export interface VolumeEntry {
  readonly table: Address;
  readonly rows: number;
  readonly condition: Pick<Volume, 'bloat' | 'allVisible'>;
  readonly values: { readonly [column: string]: ColumnValues };
}

export interface VolumesFile {
  /** Whose statistics: `shop (PostgreSQL 18.4)`. */
  readonly source: string;
  /** ISO date. */
  readonly on: string;
  readonly tables: readonly VolumeEntry[];
}

/** How a file begins that `schemac volumes` wrote and may write again. */
export const volumesHeader = '/**\n * Written by schemac volumes';

const lineWidth = 140;
/** Four digits and more are read in groups. */
const numberText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) >= 10_000 ? value.toLocaleString('en-US').replaceAll(',', '_') : String(value);

/** The module: one list of volumes, in the order of the tables given. */
export function volumesFile({ source, on, tables }: VolumesFile): string {
  const head = [
    `${volumesHeader} on ${on}, from the statistics of ${source.replaceAll('*/', '* /')}.`,
    ' * Figures here count before those beside the tables; what is left out counts as it stands there.',
    ' */',
    "import { volume } from 'schemac';",
  ];
  const volumes = tables.map((entry) => `  ${volumeText(entry)},`);
  return [
    ...head,
    '',
    volumes.length === 0 ? 'export const volumes = [];' : `export const volumes = [\n${volumes.join('\n')}\n];`,
    '',
  ].join('\n');
}

function volumeText({ table, rows, condition, values }: VolumeEntry): string {
  const figures = Object.entries(condition).map(([name, value]) => `${name}: ${numberText(value)}`);
  const expected = figures.length === 0 ? numberText(rows) : `{ now: ${numberText(rows)}, ${figures.join(', ')} }`;
  const columns = Object.entries(values).map(([column, value]) => columnLines(column, value));
  if (columns.length === 0) return `volume(${quotedText(table)}, { expectedRows: ${expected} })`;
  return [`volume(${quotedText(table)}, {`, `    expectedRows: ${expected},`, '    values: {', ...columns, '    },', '  })'].join('\n');
}

function columnLines(column: string, values: ColumnValues): string {
  const { common, ...figures } = values;
  const parts = Object.entries(figures).map(
    ([name, value]) => `${name}: ${typeof value === 'number' ? numberText(value) : JSON.stringify(value)}`,
  );
  const shares = Object.entries(common ?? {}).map(([value, share]) => `${keyText(value)}: ${numberText(share)}`);
  const all = common === undefined ? parts : [...parts, `common: { ${shares.join(', ')} }`];
  const line = `      ${keyText(column)}: { ${all.join(', ')} },`;
  if (line.length <= lineWidth) return line;
  return [
    `      ${keyText(column)}: {`,
    ...parts.map((part) => `        ${part},`),
    '        common: {',
    ...shares.map((share) => `          ${share},`),
    '        },',
    '      },',
  ].join('\n');
}
