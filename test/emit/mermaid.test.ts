/** Every diagram is parsed by Mermaid 11.12 and 12 and counted; direction, size and words are checked. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mermaidName, mermaidText, mermaidType } from '../../compiler/emit/escape/mermaid.ts';
import { diagrams, drawDiagram, erDiagram, maximumLength } from '../../compiler/emit/mermaid.ts';
import type { ChangeMark, DocumentNode } from '../../compiler/model/document.ts';
import { digestDocument, digestNodes, digests, preferences } from './digest.ts';
import { hostileDocuments, hostileName, hostileNames, hostileNodes } from './hostile.ts';
import { parseMermaid } from './mermaid-parsers.ts';
import { chain, column, designOf, edge, hub, key, ring, table, tableId } from './nodes.ts';

function draw(nodes: readonly DocumentNode[]): string {
  return erDiagram({ document: { nodes }, title: 'Title', description: 'What it shows.' });
}

describe('erDiagram', () => {
  it('draws the digest schema: every table, every reference, soft ones dashed, external ones marked', async () => {
    const text = draw(digestNodes);
    const parsed = await parseMermaid(text);
    expect(parsed).toMatchObject({ relations: 5, dashed: 2, direction: 'TB', title: 'Title' });
    expect(parsed.entities.map((entity) => entity.alias)).toEqual([
      'users (external)',
      'email_logs (external)',
      'user_digest_preferences',
      'digests',
      'digest_sends',
      'digest_interactions',
      'digest_daily_stats',
    ]);
    expect(text).toContain('  t_users ||--o| t_user_digest_preferences : "user_id"');
    expect(text).toContain('  t_email_logs |o..o{ t_digest_sends : "email_log_id"');
    expect(text).toContain('    timestamptz created_at PK "partition key (RANGE)"');
    expect(text).toContain('    uuid user_id FK "not null"');
    expect(text).not.toContain('one partition a month');
  });

  it('gives the widest graphs the direction in which they can be read', async () => {
    const wide = drawDiagram({ document: { nodes: hub(30) }, title: 'Hub', description: '' });
    expect((await parseMermaid(wide.text)).direction).toBe('LR');
    expect(wide.layout.width).toBeLessThan(900);
    const deep = drawDiagram({ document: { nodes: chain(30) }, title: 'Chain', description: '' });
    expect((await parseMermaid(deep.text)).direction).toBe('TB');
    expect(deep.layout.width).toBeLessThan(900);
  });

  it('shows keys only over 8 tables, and says so', async () => {
    const few = await parseMermaid(draw(hub(8)));
    expect(few.entities[1]?.attributes.map((attribute) => attribute.name)).toEqual(['id', 'user_id', 'payload']);
    expect(few.description).toBe('What it shows.');
    const many = await parseMermaid(draw(hub(30)));
    expect(many.entities[1]?.attributes.map((attribute) => attribute.name)).toEqual(['id', 'user_id']);
    expect(many.entities).toHaveLength(30);
    expect(many.relations).toBe(29);
    expect(many.description).toBe('What it shows. Only columns of keys and references are shown; 29 other columns left out.');
  });

  it('leaves comments out before keys, where all would be too small to read', async () => {
    // Three ranks of four tables, each referencing all of the rank before: wide in both directions.
    const ranks = [0, 1, 2].map((rank) =>
      [0, 1, 2, 3].map((number) => table(`t${rank}${number}`, { partition: 'RANGE (id, at), one partition a month' })),
    );
    const nodes = ranks.flatMap((rank, depth) =>
      rank.flatMap((one): DocumentNode[] => [
        one,
        column(one, 'id', 'bigint'),
        column(one, 'ref', 'bigint'),
        key(one, 'primary key', `${one.name}_pkey`, ['id']),
        ...(ranks[depth - 1] ?? []).map((target) =>
          edge(one, ['ref'], target, ['id'], { name: target.name, id: `${one.name} ${target.name}` }),
        ),
      ]),
    );
    const drawn = drawDiagram({ document: { nodes }, title: 'Wide', description: '' });
    expect(drawn.omitted).toBe(
      'Only columns of keys and references are shown; 4 other columns left out. NOT NULL and partition keys are not shown.',
    );
    const parsed = await parseMermaid(drawn.text);
    expect(parsed.entities[4]?.attributes.map(({ name, keys, comment }) => [name, keys?.join(), comment])).toEqual([
      ['id', 'PK', ''],
      ['ref', 'FK', ''],
    ]);
  });

  it('draws cycles and tables that reference themselves', async () => {
    expect(await parseMermaid(draw(ring(5)))).toMatchObject({ relations: 10 });
  });

  it('draws no table', async () => {
    expect((await parseMermaid(draw([]))).entities).toEqual([]);
  });

  it('stays under the limit however much there is, and says what it left out', async () => {
    const wide = table('wide');
    const columns = Array.from({ length: 2000 }, (_none, position) => column(wide, `a_rather_long_column_name_${position}`, 'text'));
    const text = draw([wide, ...columns]);
    expect(text.length).toBeLessThan(maximumLength);
    expect((await parseMermaid(text)).description).toContain('2000 other columns left out');
    const names = drawDiagram({ document: { nodes: hub(1500) }, title: 'Many', description: '' });
    expect(names.text.length).toBeLessThan(maximumLength);
    expect(names.omitted).toMatch(/\d+ tables left out for lack of room/);
    expect((await parseMermaid(names.text)).entities.length).toBeGreaterThan(400);
  });

  it('marks changes by stroke and by text, and shows the changed columns of a changed table only', async () => {
    const marks = new Map<string, ChangeMark>([
      [digests.id, 'changed'],
      ['column public.digests.score', 'added'],
      [preferences.id, 'added'],
      [tableId('digest_sends'), 'removed'],
      ['foreign-key public.digest_sends.digest_sends_digest_id_digest_created_at_fkey', 'removed'],
    ]);
    const text = erDiagram({ document: digestDocument, marks, title: 'Change', description: 'A change.' });
    const parsed = await parseMermaid(text);
    expect(parsed.entities.map((entity) => entity.alias)).toEqual(
      expect.arrayContaining(['~ digests', '+ user_digest_preferences', '- digest_sends', 'users (external)']),
    );
    expect(parsed.entities.find((entity) => entity.alias === '~ digests')?.attributes.map(({ name, comment }) => [name, comment])).toEqual([
      ['id', ''],
      ['user_id', 'not null'],
      ['created_at', 'partition key (RANGE)'],
      ['score', '+ added'],
    ]);
    expect(text).toContain('t_digest_sends : "- digest_id, digest_created_at"');
    expect(text).toContain('  classDef added stroke:#1a7f37,stroke-width:3px');
    expect(text).not.toContain('fill');
  });

  it('parses with hostile names, each entity and relation kept', async () => {
    for (const nodes of hostileDocuments) {
      const parsed = await parseMermaid(
        erDiagram({ document: { nodes }, title: hostileNames.join(), description: hostileNames.join(' ') }),
      );
      expect([parsed.entities.length, parsed.relations, parsed.entities[0]?.attributes.length]).toEqual([2, 2, 3]);
    }
  });

  it('parses with random names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(hostileName, { minLength: 10, maxLength: 10 }), async (names) => {
        const nodes = hostileNodes(names);
        const parsed = await parseMermaid(erDiagram({ document: { nodes }, title: names[0] ?? '', description: names[1] ?? '' }));
        expect([parsed.entities.length, parsed.relations]).toEqual([2, 2]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

describe('escaping for Mermaid', () => {
  it('keeps names that Mermaid takes and mends the others', () => {
    expect(['digest_id', 'größe', 'end', 'pk', 'FK', 'pk_id', 'pké', 'a$b', '2024', '_x_', '__', '', 'a b'].map(mermaidName)).toEqual([
      'digest_id',
      'größe',
      'end',
      'pk_',
      'FK_',
      'pk_id',
      'pk_é',
      'a_b',
      'n2024',
      'x',
      'column_',
      'column_',
      'a_b',
    ]);
  });

  it('writes types as one word', () => {
    const types = [
      'timestamp with time zone',
      'character varying(255)',
      'numeric(10,2)[]',
      'audit.level',
      'timestamp(3) without time zone',
      '"My Type"',
      'pk',
    ];
    expect(types.map(mermaidType)).toEqual([
      'timestamptz',
      'varchar(255)',
      'numeric(10‚2)[]',
      'audit․level',
      'timestamp(3)',
      'My_Type',
      't_pk',
    ]);
  });

  it('turns what is syntax into entities and leaves plain text alone', () => {
    expect(mermaidText('not null, since 2024; a_b (c) — größe')).toBe('not null, since 2024; a_b (c) — größe');
    expect(mermaidText('"50%" #1 <b> _x_ a:b\nnext')).toBe('#quot;50#37;#quot; #35;1 #lt;b#gt; #95;x#95; a#58;b next');
  });
});

describe('diagrams', () => {
  it('gives an overview and one diagram a group', async () => {
    const files = diagrams(digestDocument);
    expect([...files.keys()]).toEqual(['erd.mmd', 'erd/preferences.mmd', 'erd/delivery.mmd', 'erd/analytics.mmd']);
    const delivery = await parseMermaid(files.get('erd/delivery.mmd') ?? '');
    // Tables next to the group are names.
    expect(delivery.entities.map((entity) => [entity.alias, entity.attributes.length])).toEqual([
      ['users (external)', 0],
      ['email_logs (external)', 0],
      ['digests', 6],
      ['digest_sends', 7],
      ['digest_interactions', 0],
    ]);
  });

  it('splits 120 tables by group, with an overview of names', async () => {
    const document = designOf(
      chain(120, (position) => `Group ${Math.floor(position / 40)}`),
      {
        groups: [0, 1, 2].map((number) => ({ name: `Group ${number}` })),
      },
    );
    const files = diagrams(document);
    expect([...files.keys()]).toEqual(['erd.mmd', 'erd/group-0.mmd', 'erd/group-1.mmd', 'erd/group-2.mmd']);
    const overview = await parseMermaid(files.get('erd.mmd') ?? '');
    expect([overview.entities.length, overview.relations, overview.entities[0]?.attributes.length]).toEqual([120, 119, 0]);
    expect(overview.description).toContain('Only names are shown');
    expect((await parseMermaid(files.get('erd/group-1.mmd') ?? '')).entities).toHaveLength(42);
  });

  it('splits tables of no group by schema and size, and draws 1,000 of them as groups', async () => {
    const files = diagrams(designOf(chain(1000)));
    expect(files.size).toBe(21);
    const overview = await parseMermaid(files.get('erd.mmd') ?? '');
    expect([overview.entities.length, overview.relations]).toEqual([20, 19]);
    for (const text of files.values()) {
      expect(text.length).toBeLessThan(maximumLength);
      await parseMermaid(text);
    }
  });

  it('is the same text for the same nodes', () => {
    expect([...diagrams(structuredClone(digestDocument))]).toEqual([...diagrams(digestDocument)]);
  });
});
