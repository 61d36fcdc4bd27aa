/** DBML is read back by its own parser: what the printer lost or bent is a difference. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbml } from '../../compiler/emit/dbml.ts';
import { verifyDbml } from '../../compiler/emit/dbml-verify.ts';
import { digestDocument } from './digest.ts';
import { hostileDocuments, hostileName, hostileNodes } from './hostile.ts';
import { chain, column, designOf, edge, hub, key, ring, table } from './nodes.ts';

describe('dbml', () => {
  it('says the digest schema natively where DBML has a word, and in settings and notes where not', () => {
    const text = dbml(digestDocument);
    expect(text).toContain(
      `Table "public"."digests" [owner: 'digest team', partition: 'RANGE (created_at), one partition a month, 13 months kept'] {`,
    );
    expect(text).toContain(
      `  "created_at" "timestamp with time zone" [not null, default: \`now()\`, note: 'When it was generated; the partition key.']`,
    );
    expect(text).toContain(
      `    (\`user_id\`, \`created_at DESC\`) [type: btree, name: 'digests_user_recent', note: 'A user\\'s latest digests.']`,
    );
    expect(text).toContain(
      `Ref "digest_sends_digest_id_digest_created_at_fkey": "public"."digest_sends".("digest_id", "digest_created_at") > "public"."digests".("id", "created_at") [delete: cascade]`,
    );
    expect(text).toContain(`"email_log_id" bigint [soft_reference: 'email_logs (id)', note:`);
    expect(text).toContain(`Table "public"."users" [external: 'accounts team'] {`);
    expect(text).toContain(`WHERE enabled'`);
    expect(text).toContain(`  checks {\n    \`time_zone <> ''::text\` [name: 'time_zone_not_empty']\n  }`);
    expect(text).toContain(
      `TableGroup "delivery" [note: 'What was generated and sent.'] {\n  "public"."digests"\n  "public"."digest_sends"\n}`,
    );
  });

  it.each([
    ['the digest schema', digestDocument],
    ['a hub', designOf(hub(30))],
    ['a chain', designOf(chain(120))],
    ['cycles', designOf(ring(3))],
    ['nothing', designOf([])],
  ])('reads back equal: %s', async (_name, document) => {
    expect(await verifyDbml(dbml(document), document)).toEqual([]);
  });

  it('reads back equal with hostile names everywhere', async () => {
    for (const nodes of hostileDocuments) {
      const document = designOf(nodes, { title: 'x"\'`\n', purpose: "'''" });
      expect(await verifyDbml(dbml(document), document)).toEqual([]);
    }
  });

  it('reads back equal with random names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(hostileName, { minLength: 10, maxLength: 10 }), async (names) => {
        const document = designOf(hostileNodes(names), { title: names[0] ?? '', purpose: names[1] ?? '' });
        expect(await verifyDbml(dbml(document), document)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('keeps in notes what DBML refuses: a second reference on the same columns, a key it cannot spell, a table without columns', async () => {
    const parent = table('parent');
    const child = table('child');
    const empty = table('empty', { doc: 'Nothing yet.', group: 'g' });
    const document = designOf([
      parent,
      column(parent, 'id', 'bigint'),
      child,
      column(child, 'a', 'bigint'),
      key(child, 'index', 'odd', ['f(`a`)'], { definition: 'odd definition' }),
      empty,
      edge(child, ['a'], parent, ['id'], { name: 'one' }),
      edge(child, ['a'], parent, ['id'], { name: 'two', id: 'foreign-key public.child.two' }),
      edge(child, ['a'], child, ['a'], { name: 'itself', id: 'foreign-key public.child.itself' }),
      edge(child, ['a'], table('elsewhere'), ['id'], { name: 'away', id: 'foreign-key public.child.away' }),
    ]);
    const text = dbml(document);
    expect(await verifyDbml(text, document)).toEqual([]);
    expect(text).toContain('foreign key two (a) to table public.parent (id)');
    expect(text).toContain('foreign key away (a) to table public.elsewhere (id)');
    expect(text).toContain('index odd: odd definition');
    expect(text).toContain('Note "table public.empty" {');
    expect(text).not.toContain('TableGroup');
  });
});

describe('verifyDbml', () => {
  const faults: readonly (readonly [string, string, string, string])[] = [
    ['a type', '"subject" text', '"subject" int', 'the DBML lost: column public digests subject null text'],
    ['nullability', '"subject" text [not null, ', '"subject" text [', 'the DBML lost: column public digests subject'],
    ['a key', `("id", "created_at") [pk, `, `("id") [pk, `, 'the DBML lost: key public digests digests_pkey true'],
    ['an action', '[delete: cascade]', '[delete: restrict]', 'the DBML lost: reference'],
    ['a value of an enum', '  "bounced"\n', '', 'the DBML lost: enum public send_status'],
    ['a member of a group', '  "public"."digests"\n', '', 'the DBML lost: group delivery'],
  ];
  it.each(faults)('notices a change of %s', async (_what, from, to, message) => {
    const text = dbml(digestDocument);
    expect(text).toContain(from);
    const found = await verifyDbml(text.replace(from, to), digestDocument);
    expect(found.map((diagnostic) => diagnostic.message).join('\n')).toContain(message);
  });

  it('reports text that is no DBML with its line', async () => {
    const found = await verifyDbml('Table a {\n  id\n}\n', designOf([]));
    expect(found.map(({ code, message }) => [code, /line \d+/.test(message)])).toContainEqual(['dbml-unreadable', true]);
  });
});
