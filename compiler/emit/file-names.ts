/**
 * File names from names that may hold anything: the same name always gives the same file name,
 * whatever else is declared, on file systems that ignore case too. A plain name is used as it is;
 * any other gets a tail from its hash, which a plain name cannot have since it holds a hyphen.
 */
import { createHash } from 'node:crypto';
import { compareText } from '../model/object.ts';
import type { TableNode } from '../model/document.ts';

const plain = /^[a-z_][a-z0-9_]{0,99}$/;
/** Names that Windows reserves in every folder, whatever the extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

function hashTail(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function isPlain(name: string): boolean {
  return plain.test(name) && !reserved.test(name);
}

/** The page of a table: `digests.md`, `audit.log.md`, or a slug with a hash tail. */
export function tableFileName(table: Pick<TableNode, 'schema' | 'name'>): string {
  const parts = table.schema === 'public' ? [table.name] : [table.schema, table.name];
  if (parts.every(isPlain)) return `${parts.join('.')}.md`;
  return `${[slug(parts.join('-')), hashTail(JSON.stringify(parts))].filter((part) => part !== '').join('-')}.md`;
}

/** File names (without an extension) for group names; those that would share a slug all get a hash tail. */
export function groupFileNames(names: readonly string[]): ReadonlyMap<string, string> {
  const wanted = new Map<string, number>();
  const sorted = [...new Set(names)].sort(compareText);
  for (const name of sorted) wanted.set(slug(name), (wanted.get(slug(name)) ?? 0) + 1);
  return new Map(
    sorted.map((name) => {
      const base = slug(name);
      const alone = base !== '' && wanted.get(base) === 1 && !reserved.test(base);
      return [name, alone ? base : [base, hashTail(name)].filter((part) => part !== '').join('-')];
    }),
  );
}
