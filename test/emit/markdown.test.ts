/** The documents: what a reviewer must find, that links lead somewhere, and that no name breaks a page. */
import fc from 'fast-check';
import path from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { headingAnchor, markdownCell, markdownCodeCell, markdownText } from '../../compiler/emit/escape/markdown.ts';
import { groupFileNames, tableFileName } from '../../compiler/emit/file-names.ts';
import { designDocument } from '../../compiler/emit/markdown/design-document.ts';
import { documentPages, tablePages } from '../../compiler/emit/markdown/pages.ts';
import { diagrams } from '../../compiler/emit/mermaid.ts';
import { digestDocument } from './digest.ts';
import { hostileDocuments, hostileName, hostileNames } from './hostile.ts';
import { mermaidBlocks, parseMermaid } from './mermaid-parsers.ts';
import { chain, designOf, hub, ring, table } from './nodes.ts';

const uses = new Map([['due_now', ['table public.user_digest_preferences', 'index public.preferences_due']]]);

describe('designDocument', () => {
  const text = designDocument(digestDocument, { uses });

  it('traces requirements with links and says which are met by nothing', () => {
    expect(text).toContain('[`preferences_due`](tables/user_digest_preferences.md), [`due_now`](queries.md#due_now)');
    expect(text).toContain('| `audit` | Who changed a preference, and when. | **nothing yet** |');
    expect(text).toContain('- **1 requirement met by nothing yet.**');
  });

  it('links what no node stands for to the table that its path names', () => {
    const metBy = ['partition-rule public.digests', 'schema archive'];
    expect(designDocument({ ...digestDocument, requirements: [{ name: 'a', text: 'b', metBy }] })).toContain(
      '[`partition-rule public.digests`](tables/digests.md), `schema archive`',
    );
  });

  it('draws groups with their columns where the overview has no room for them', () => {
    expect(mermaidBlocks(text)).toHaveLength(1);
    const grouped = chain(12, (position) => `part ${position % 2}`);
    expect(mermaidBlocks(designDocument(designOf(grouped)))).toHaveLength(1);
    const wide = designOf(hub(12).map((node) => (node.node === 'table' && node.name !== 'users' ? { ...node, group: 'spokes' } : node)));
    expect(mermaidBlocks(designDocument(wide))).toHaveLength(2);
  });

  it('puts blocking questions first and marks stale reviews', () => {
    expect(text.indexOf('Which bounce codes')).toBeLessThan(text.indexOf('Must some digests outlive'));
    expect(text).toContain('changes requested (**stale**: changed since)');
    expect(text).toContain('- **1 open question must be answered before a release.**');
  });

  it('gives decisions with question, reason, alternatives and date', () => {
    expect(text).toContain('- **Question:** Partitioning or an archive table?');
    expect(text).toContain('  - An archive table filled nightly: every row is written twice.');
    expect(text).toContain('- **Decided on:** 2026-03-02');
  });

  it('counts what is documented, of the tables that are ours', () => {
    expect(text).toMatch(/Documented: \d+ of \d+ tables, columns, keys, references, rules and types \(\d+ %\)\./);
    expect(designDocument(designOf([]))).not.toContain('Documented');
  });

  it('leaves out empty sections', () => {
    expect(designDocument(designOf([])).match(/^#+ .*/gm)).toEqual(['# Test design']);
  });
});

describe('table pages', () => {
  const pages = tablePages(digestDocument, { uses });

  it('says of a key what it serves', () => {
    expect(pages.get('docs/tables/user_digest_preferences.md')).toContain(
      '| `preferences_due` | index | `next_due_at include (user_id) where enabled` | Users due now, in batches. | [`due-batch`](../README.md#requirements), [`due_now`](../queries.md#due_now) |',
    );
  });

  it('gives references both ways and partitions as one row', () => {
    const page = pages.get('docs/tables/digest_sends.md') ?? '';
    expect(page).toContain('[`digests`](digests.md) `id, created_at`');
    expect(page).toContain('[`digest_interactions`](digest_interactions.md) `send_id`');
    expect(page).toContain('| RANGE (sent_at), one partition a month, 13 months kept |');
    expect(pages.get('docs/tables/users.md')).toContain('- Form: external table; its owner changes it, our migrations never do');
  });
});

describe('all pages', () => {
  const documents = [
    digestDocument,
    designOf(hub(30)),
    designOf(ring(4)),
    designOf(chain(120)),
    ...hostileDocuments.map((nodes) => hostileDocument(nodes)),
  ];

  it('hold links that lead to a page or a heading', () => {
    for (const document of documents) {
      const pages = documentPages(document, { uses });
      const files = new Map([...pages, ...diagrams(document)]);
      for (const [from, text] of pages) {
        for (const [, target, anchor] of text.matchAll(/\]\(([^)#\s]*\.(?:md|mmd))(?:#([^)\s]*))?\)/g)) {
          const file = path.join(path.dirname(from), target ?? '');
          expect(files.has(file), `${from} links to ${file}`).toBe(true);
          const headings = [...(files.get(file) ?? '').matchAll(/^#{1,6} (.*)$/gm)].map((match) =>
            headingAnchor((match[1] ?? '').replace(/\\(.)/g, '$1')),
          );
          if (anchor !== undefined && hostileNames.every((name) => !(files.get(file) ?? '').includes(name)))
            expect(headings).toContain(decodeURIComponent(anchor));
        }
      }
    }
  });

  it('hold diagrams that parse', async () => {
    let count = 0;
    for (const document of documents.slice(0, 3)) {
      for (const page of documentPages(document).values()) {
        for (const block of mermaidBlocks(page)) {
          await parseMermaid(block);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(40);
  });

  it('keep the shape of their tables whatever names and texts hold', () => {
    for (const document of documents) {
      for (const page of documentPages(document).values()) {
        const withoutBlocks = page.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
        const tables = withoutBlocks.match(/(?:^\|.*\|$\n?)+/gm) ?? [];
        for (const rows of tables) {
          const widths = new Set(
            rows
              .trim()
              .split('\n')
              .map((row) => row.replace(/\\\\/g, '').replace(/\\\|/g, '').split('|').length),
          );
          expect([...widths], rows).toHaveLength(1);
        }
      }
    }
  });
});

function hostileDocument(nodes: Parameters<typeof designOf>[0]): ReturnType<typeof designOf> {
  const id = nodes[1]?.id ?? '';
  return designOf(nodes, {
    title: hostileNames[3],
    purpose: hostileNames.join('\n\n'),
    groups: hostileNames.map((name) => ({ name, doc: name })),
    requirements: hostileNames.map((name) => ({ name, text: name, metBy: [id, `query ${name}`, name] })),
    decisions: hostileNames.map((name) => ({
      name,
      question: name,
      decision: name,
      because: name,
      alternatives: [name],
      decidedOn: name,
      concerns: [id, name],
    })),
    openQuestions: hostileNames.map((name) => ({ name, question: name, owner: name, blocking: name.length % 2 === 0, concerns: [id] })),
    queries: hostileNames.map((name) => ({ name, sql: name, purpose: name })),
    retention: [{ table: id, text: hostileNames.join(' ') }],
  });
}

describe('escaping for Markdown', () => {
  it('leaves plain text alone', () => {
    expect(markdownText("A user's latest digests (13 months), by user_id; see §3 — größe!")).toBe(
      "A user's latest digests (13 months), by user_id; see §3 — größe!",
    );
  });

  it('escapes what is syntax', () => {
    expect(markdownCell('a | b\n<i> `c` *d* [e](f) $x$ #1 @team')).toBe(
      'a \\| b<br>\\<i\\> \\`c\\` \\*d\\* \\[e\\](f) \\$x\\$ \\#1 @\u200bteam',
    );
    expect(markdownText('- item')).toBe('\\- item');
    expect(markdownText('1. item')).toBe('1\\. item');
    expect(markdownCodeCell('a|b`c``d')).toBe('```a\\|b`c``d```');
  });
});

describe('file names', () => {
  it('are the plain name where there is one, and differ where only case does', () => {
    expect(tableFileName(table('digests'))).toBe('digests.md');
    expect(tableFileName(table('log', { schema: 'audit' }))).toBe('audit.log.md');
    expect(tableFileName(table('Users')).toLowerCase()).not.toBe(tableFileName(table('users')));
    expect(tableFileName(table('con'))).toMatch(/^con-[0-9a-f]{8}\.md$/);
    expect(tableFileName(table('日本'))).toMatch(/^[0-9a-f]{8}\.md$/);
    expect([...groupFileNames(['Core data', 'Billing', 'billing'])]).toEqual([
      ['Billing', expect.stringMatching(/^billing-[0-9a-f]{8}$/)],
      ['Core data', 'core-data'],
      ['billing', expect.stringMatching(/^billing-[0-9a-f]{8}$/)],
    ]);
  });

  it('never collide, and are safe on every file system', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileName, { minLength: 2, maxLength: 20 }), (names) => {
        const files = names.map((name) => tableFileName(table(name)));
        return (
          new Set(files.map((file) => file.toLowerCase())).size === names.length && files.every((file) => /^[a-z0-9_.-]{4,}$/.test(file))
        );
      }),
    );
  });
});
