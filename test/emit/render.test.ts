/** Pictures are made where a Chromium is, byte for byte the same; where none is, the hint says what to install. */
import { describe, expect, it } from 'vitest';
import { findChromium, renderDiagrams } from '../../compiler/emit/render.ts';

const source = new Map([['erd.mmd', 'erDiagram\n  t_a["a"] {\n    uuid id PK\n  }\n']]);
const chromium = findChromium(process.env);

describe('findChromium', () => {
  it('takes what the environment names before the usual places', () => {
    expect(findChromium({ PUPPETEER_EXECUTABLE_PATH: '/opt/chrome' }, () => true)).toBe('/opt/chrome');
    expect(findChromium({ PUPPETEER_EXECUTABLE_PATH: '/gone' }, (path) => path === '/usr/bin/google-chrome')).toBe(
      '/usr/bin/google-chrome',
    );
    expect(findChromium({}, () => false)).toBeUndefined();
  });
});

describe('renderDiagrams', () => {
  it.skipIf(chromium === undefined)(
    'gives SVG and PNG, the same bytes twice',
    async () => {
      const first = await renderDiagrams(source, { formats: ['svg', 'png'] });
      expect(first.diagnostics).toEqual([]);
      expect([...first.files.keys()]).toEqual(['erd.svg', 'erd.png']);
      expect(new TextDecoder().decode(first.files.get('erd.svg'))).toContain('<svg');
      expect([...(first.files.get('erd.png') ?? [])].slice(1, 4)).toEqual([...new TextEncoder().encode('PNG')]);
      const second = await renderDiagrams(source, { formats: ['svg', 'png'] });
      for (const name of first.files.keys())
        expect(Buffer.compare(first.files.get(name) ?? new Uint8Array(), second.files.get(name) ?? new Uint8Array())).toBe(0);
    },
    60_000,
  );

  it.skipIf(chromium === undefined)(
    'refuses text that Mermaid would draw as an error, and reports text that is no diagram',
    async () => {
      const sources = new Map([
        ['long.mmd', `erDiagram\n${'%% filler\n'.repeat(6000)}`],
        ['bad.mmd', 'erDiagram\n  a ||-- {\n'],
        ...source,
      ]);
      const { files, diagnostics } = await renderDiagrams(sources, { formats: ['svg'] });
      expect(diagnostics.map(({ code }) => code)).toEqual(['diagram-too-long', 'diagram-not-rendered']);
      expect([...files.keys()]).toEqual(['erd.svg']);
    },
    60_000,
  );

  it('says so where the browser does not start', async () => {
    const { files, diagnostics } = await renderDiagrams(source, { formats: ['svg'], chromium: '/nowhere/chromium' });
    expect(files.size).toBe(0);
    expect(diagnostics).toMatchObject([{ code: 'chromium-not-started', severity: 'error' }]);
  });
});
