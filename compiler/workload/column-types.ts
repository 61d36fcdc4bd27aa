/** How PostgreSQL stores the values of its own types (pg_type.typlen, typalign), for sizes that are worked out without a server. */
import type { PlannedColumn } from './catalog.ts';

type Storage = Pick<PlannedColumn, 'length' | 'align' | 'category'>;

const fixed = (length: number, align: number, category: string): Storage => ({ length, align, category });

const storages: { readonly [type: string]: Storage } = {
  boolean: fixed(1, 1, 'B'),
  smallint: fixed(2, 2, 'N'),
  integer: fixed(4, 4, 'N'),
  real: fixed(4, 4, 'N'),
  oid: fixed(4, 4, 'N'),
  date: fixed(4, 4, 'D'),
  bigint: fixed(8, 8, 'N'),
  money: fixed(8, 8, 'N'),
  'double precision': fixed(8, 8, 'N'),
  'time without time zone': fixed(8, 8, 'D'),
  'timestamp with time zone': fixed(8, 8, 'D'),
  'timestamp without time zone': fixed(8, 8, 'D'),
  'time with time zone': fixed(12, 8, 'D'),
  interval: fixed(16, 8, 'T'),
  uuid: fixed(16, 1, 'U'),
  point: fixed(16, 8, 'G'),
  macaddr: fixed(6, 4, 'U'),
  macaddr8: fixed(8, 4, 'U'),
};

/** The type without its modifier: `character varying(80)` is stored as `character varying` is. */
export function bareType(type: string): string {
  return type.replace(/\([^)]*\)/, '').trim();
}

/** What is not listed varies in length, as text does. */
export function storageOf(type: string): Storage & { readonly toastable: boolean } {
  const bare = bareType(type);
  const found = Object.hasOwn(storages, bare) ? storages[bare] : undefined;
  if (found !== undefined) return { ...found, toastable: false };
  const isText = /^(text|character varying|character|citext|name)$/.test(bare);
  return { length: -1, align: 4, category: bare.endsWith('[]') ? 'A' : isText ? 'S' : bare === 'numeric' ? 'N' : 'U', toastable: true };
}
