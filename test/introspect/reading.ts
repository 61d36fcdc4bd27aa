/** Reads the catalogs of a test's database as introspection does: in a transaction, under pinned settings, values as text. */
import type { Client } from 'pg';
import { pinnedSettings, type CatalogReader } from '../../compiler/introspect/introspect.ts';

const asText = { getTypeParser: () => (value: string) => value };

export async function reading<Result>(client: Client, action: (reader: CatalogReader) => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  for (const setting of pinnedSettings) await client.query(setting);
  try {
    return await action({ query: async (text) => (await client.query({ text, types: asText })).rows as Record<string, string | null>[] });
  } finally {
    await client.query('ROLLBACK');
  }
}
