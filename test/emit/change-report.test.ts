/** The change report on a hand-made change: marks, comparison, locks, hazards, undo; and the line diff on its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeReport, type ChangeReportInput } from '../../compiler/emit/change-report.ts';
import { lineDiff } from '../../compiler/emit/line-diff.ts';
import type { Change } from '../../compiler/model/change.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import { statement } from '../../compiler/model/statement.ts';
import { digestNodes, digests, preferences } from './digest.ts';
import { hostileDocuments } from './hostile.ts';
import { mermaidBlocks, parseMermaid } from './mermaid-parsers.ts';
import { column, tableId } from './nodes.ts';

function object(id: string, more: Partial<SchemaObject> = {}): SchemaObject {
  return { kind: 'x', id, path: [], attributes: {}, dependsOn: [], ...more };
}

const subject = 'column public.digests.subject';
const after = [
  ...digestNodes.filter((node) => node.id !== subject),
  column(digests, 'language', 'text', { nullable: true, doc: 'Language of the text.' }),
];
const changes: readonly Change[] = [
  { change: 'removed', before: object(subject, { partOf: digests.id }) },
  { change: 'removed', before: object('comment subject', { partOf: subject }) },
  { change: 'added', after: object('column public.digests.language', { partOf: digests.id }) },
  {
    change: 'altered',
    before: object('default public.user_digest_preferences.time_zone', {
      partOf: 'column public.user_digest_preferences.time_zone',
      attributes: { expression: "'UTC'" },
    }),
    after: object('default public.user_digest_preferences.time_zone', {
      partOf: 'column public.user_digest_preferences.time_zone',
      attributes: { expression: "'GMT' | x" },
    }),
    attributes: ['expression'],
  },
];
const input: ChangeReportInput = {
  name: '0002_language',
  summary: ['Adds the language of a digest.', 'Drops its subject.'],
  before: digestNodes,
  after,
  changes,
  statements: [
    statement({
      sql: 'ALTER TABLE digests DROP COLUMN subject',
      purpose: 'Drops the subject.',
      subject,
      locks: [{ mode: 'AccessExclusiveLock', relation: digests.id }],
      hazards: [
        { hazard: 'data-loss', subject, reason: 'the values go' },
        { hazard: 'data-dependent', subject, reason: 'may fail', query: 'SELECT 1' },
      ],
      phase: 'contract',
    }),
    statement({
      sql: 'CREATE INDEX CONCURRENTLY',
      purpose: 'Builds an index.',
      subject,
      step: 'concurrent',
      locks: [{ mode: 'ShareUpdateExclusiveLock', relation: digests.id }],
      scans: [digests.id],
    }),
  ],
  allowances: [`data-loss:${subject}`],
  proven: 'Ran on PGlite 0.5.16 (PostgreSQL 18.6) with rows.',
  undo: ['ALTER TABLE digests ADD COLUMN subject text'],
};

describe('changeReport', () => {
  const report = changeReport(input);

  it('draws the changed tables with their changed columns, and the neighbours as names', async () => {
    const [block] = mermaidBlocks(report);
    const parsed = await parseMermaid(block ?? '');
    const byName = new Map(
      parsed.entities.map((entity) => [entity.alias, entity.attributes.map(({ name, comment }) => `${name} ${comment}`)]),
    );
    expect(byName.get('~ digests')).toEqual([
      'id ',
      'user_id not null',
      'created_at partition key (RANGE)',
      'language + added',
      'subject - removed, not null',
    ]);
    expect(byName.get('~ user_digest_preferences')).toEqual(['user_id ', 'time_zone ~ changed, not null']);
    expect(byName.get('digest_sends')).toEqual([]);
    expect(byName.has('digest_daily_stats')).toBe(false);
  });

  it('lists changes without the parts of what went as a whole, and compares definitions', () => {
    expect(report).toContain("| `~` | `default public.user_digest_preferences.time_zone` | expression: `'UTC'` → `'GMT' \\| x` |");
    expect(report).not.toContain('comment subject');
    expect(report).toContain('-  subject text not null  -- Subject line as sent.');
    expect(report).toContain('+  language text  -- Language of the text.');
  });

  it('says what is locked, what that blocks, and when a statement runs', () => {
    expect(report).toContain(
      '| 1 | Drops the subject. | ACCESS EXCLUSIVE on `public.digests` | reads and writes |  |  | after the deploy |',
    );
    expect(report).toContain(
      '| 2 | Builds an index. | SHARE UPDATE EXCLUSIVE on `public.digests` |  | scans `public.digests` | outside a transaction |  |',
    );
  });

  it('says which hazards were allowed and how to undo', () => {
    expect(report).toContain('- **data-loss** (allowed), statement 1, `column public.digests.subject`: the values go');
    expect(report).toContain('- **data-dependent**, statement 1,');
    expect(report).toContain('```sql\nALTER TABLE digests ADD COLUMN subject text;\n```');
    expect(changeReport({ ...input, undo: [] })).toContain('No statement takes this migration back.');
  });

  it('draws tables that come and go', async () => {
    const gone = { change: 'removed', before: object(tableId('digest_sends')) } as const;
    const come = { change: 'added', after: object(preferences.id) } as const;
    const nodes = digestNodes.filter(
      (node) => node.id !== tableId('digest_sends') && !('table' in node && node.table === tableId('digest_sends')),
    );
    const text = changeReport({ ...input, after: nodes, changes: [gone, come] });
    const parsed = await parseMermaid(mermaidBlocks(text)[0] ?? '');
    expect(text).toContain('|o..o{ t_digest_sends : "- email_log_id"');
    expect(parsed.entities.map((entity) => entity.alias)).toEqual(
      expect.arrayContaining(['- digest_sends', '+ user_digest_preferences', 'digests']),
    );
  });

  it('parses with hostile names', async () => {
    for (const nodes of hostileDocuments) {
      const added = nodes.map((node): Change => ({ change: 'added', after: object(node.id) }));
      const blocks = mermaidBlocks(changeReport({ ...input, before: [], after: nodes, changes: added }));
      expect(blocks).toHaveLength(1);
      expect((await parseMermaid(blocks[0] ?? '')).relations).toBe(2);
    }
  });
});

describe('lineDiff', () => {
  it('keeps a little context', () => {
    const lines = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(lineDiff(lines, ['a', 'b', 'c', 'd', 'E', 'f'])).toEqual(['@@ … @@', ' c', ' d', '-e', '+E', ' f']);
    expect(lineDiff(lines, lines)).toEqual([]);
  });

  it('holds both sides, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, now) => {
        const found = lineDiff(before, now, 1000);
        if (JSON.stringify(before) === JSON.stringify(now)) return found.length === 0;
        const side = (sign: string): string[] => found.filter((line) => line[0] === ' ' || line[0] === sign).map((line) => line.slice(1));
        return JSON.stringify([side('-'), side('+')]) === JSON.stringify([before, now]);
      }),
    );
  });
});
