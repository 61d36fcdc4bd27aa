/**
 * Which scales bring declared rows down to so much room: the largest table first, with what refers to it,
 * until all fits. Arithmetic over volumes; nothing is asked and nothing is changed.
 */
import type { SchemaObject } from '../model/object.ts';
import type { TableCapacity } from '../model/workload.ts';
import { capacityOf } from './capacity.ts';
import { atScale, type Scale, type Volumes } from './volumes.ts';

export interface FittingRequest {
  readonly objects: readonly SchemaObject[];
  readonly volumes: Volumes;
  /** Those that were asked for; they stay. */
  readonly scales: readonly Scale[];
  readonly bytes: number;
}

export function roomOf(objects: readonly SchemaObject[], volumes: Volumes): number {
  return tablesOf(objects, volumes).reduce((sum, { total }) => sum + total, 0);
}

const tablesOf = (objects: readonly SchemaObject[], volumes: Volumes): readonly TableCapacity[] =>
  capacityOf({ objects, volumes, partialRows: new Map() });

/** The scales to add to those that were asked for; undefined where those alone take more room. */
export function fittingScales({ objects, volumes, scales, bytes }: FittingRequest): readonly Scale[] | undefined {
  const nameOf = (id: string): string => volumes.get(id)?.path.at(-1) ?? id;
  let added: readonly Scale[] = [];
  for (let most = bytes / 4; most > bytes / 64;) {
    const now = atScale(volumes, [...scales, ...added]);
    const tables = tablesOf(objects, now);
    if (tables.reduce((sum, { total }) => sum + total, 0) <= bytes) return added;
    const free = tables.filter(({ table }) => !scales.some((scale) => scale.table === nameOf(table)));
    const largest = free.reduce<TableCapacity | undefined>((one, other) => (other.total > (one?.total ?? most) ? other : one), undefined);
    if (largest === undefined) {
      most /= 2;
      continue;
    }
    const name = nameOf(largest.table);
    const value = roundedDown((largest.rows * most) / largest.total);
    added = [...added.filter(({ table }) => table !== name), { table: name, what: 'rows', value }];
  }
  return undefined;
}

/** The first digit alone. */
function roundedDown(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return Math.floor(value / digit) * digit;
}

/** As `--scale` takes it. */
export function scaleText({ table, value }: Scale): string {
  const [suffix, unit] = (
    [
      ['G', 1e9],
      ['M', 1e6],
      ['k', 1e3],
    ] as const
  ).find(([, size]) => value >= size && value % size === 0) ?? ['', 1];
  return `${table}=${value / unit}${suffix}`;
}
