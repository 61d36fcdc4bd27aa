/** The verb `diagrams` draws what `compile` wrote, where there is a browser to draw with. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagramsCommand, type DiagramsArguments } from '../../compiler/commands/diagrams.ts';
import { findChromium } from '../../compiler/emit/render.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'schemac diagrams '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const draw = (more: Partial<DiagramsArguments> = {}) =>
  diagramsCommand({ root, out: 'diagrams', formats: ['svg', 'png'], theme: 'default', report: () => undefined, ...more });

it('says what to run where there is nothing to draw', async () => {
  await expect(draw()).rejects.toMatchObject({ diagnostics: [{ code: 'no-diagrams', hint: 'write them first: npx schemac compile' }] });
});

it.skipIf(findChromium(process.env) === undefined)('draws the overview and each group as SVG and PNG', async () => {
  mkdirSync(join(root, 'generated/erd'), { recursive: true });
  mkdirSync(join(root, 'generated/docs'));
  writeFileSync(join(root, 'generated/erd.mmd'), 'erDiagram\n  a["overview"]\n');
  writeFileSync(join(root, 'generated/erd/orders.mmd'), 'erDiagram\n  b["orders"] { bigint id PK }\n');
  writeFileSync(join(root, 'generated/docs/other.mmd'), 'none of ours');
  const { exitCode, diagnostics, lines } = await draw({ out: 'out/pictures' });
  expect({ exitCode, diagnostics }).toEqual({ exitCode: 0, diagnostics: [] });
  expect(lines).toHaveLength(4);
  expect(readdirSync(join(root, 'out/pictures'), { recursive: true }).map(String).sort()).toEqual(
    ['erd', 'erd.png', 'erd.svg', join('erd', 'orders.png'), join('erd', 'orders.svg')].sort(),
  );
  expect(readFileSync(join(root, 'out/pictures/erd/orders.svg'), 'utf8')).toContain('orders');
  expect(readFileSync(join(root, 'out/pictures/erd.png')).subarray(1, 4).toString()).toBe('PNG');
});
