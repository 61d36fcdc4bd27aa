/** Every code is explained, and every explanation has a code that can occur. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../compiler/commands/explain.ts';
import { explanations } from '../../compiler/lint/explanations.ts';
import { rules } from '../../compiler/lint/rules.ts';
import { repository } from '../support/sources.ts';
import { diagnosticCodes } from './codes.ts';

const ruleCodes = rules.map(({ code }) => code);

describe('explanations', () => {
  const codes = diagnosticCodes();

  it('exist for every code that a diagnostic can have (add one in compiler/lint/explanations/)', () => {
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code) => !ruleCodes.includes(code) && !(code in explanations))).toEqual([]);
  });

  it('exist for nothing else', () => {
    expect(Object.keys(explanations).filter((code) => !codes.includes(code) || ruleCodes.includes(code))).toEqual([]);
  });

  it('say what and what to do', () => {
    const texts = Object.values(explanations).flatMap(({ meaning, remedy }) => [meaning, remedy]);
    expect(texts.filter((text) => text.length < 15 || /\s{2}/.test(text))).toEqual([]);
  });

  it.each(rules)('of the rule $code is explained in several sentences', ({ explanation, title, example }) => {
    expect(explanation.split(/[.:;?] /).length).toBeGreaterThan(2);
    expect(`${title}${example}`).not.toMatch(/^\s*$/);
    expect(explanation).not.toMatch(/\s{2}/);
  });
});

describe('explain', () => {
  it('prints a rule with its example and how to silence it', () => {
    const { exitCode, lines } = explainCommand('json-type');
    expect(exitCode).toBe(0);
    expect(lines.join('\n')).toContain('jsonb<readonly Item[]>(');
    expect(lines.join('\n')).toContain("suppress: { 'json-type': 'why' }");
  });

  it('prints what other diagnostics mean', () => {
    const { exitCode, lines, json } = explainCommand('lock-conflict');
    expect([exitCode, lines[0]]).toEqual([0, 'lock-conflict']);
    expect(lines.join(' ')).toContain('--rebase');
    expect(json).toMatchObject({ code: 'lock-conflict' });
  });

  it.each([
    ['json', 'json-type'],
    ['prefix_index', 'prefix-index'],
    ['undocumented-tabel', 'undocumented-table'],
    ['lock-conflit', 'lock-conflict'],
  ])('of %s names what is near', (asked, near) => {
    const { exitCode, diagnostics } = explainCommand(asked);
    expect(exitCode).toBe(1);
    expect(diagnostics[0]?.hint).toContain(near);
  });

  it.each(['zzz', '', 'toString', '__proto__'])('of %j knows nothing', (asked) => {
    expect(explainCommand(asked)).toMatchObject({ exitCode: 1, diagnostics: [{ code: 'unknown-code' }] });
  });
});

describe('docs/lint.md', () => {
  const page = readFileSync(join(repository, 'docs/lint.md'), 'utf8');

  it('lists every rule once, with its severity, title and example, and nothing else', () => {
    const sections = page
      .split('\n## ')
      .slice(1)
      .filter((section) => section.startsWith('`'));
    const expected = rules.map(
      ({ code, severity, title, example }) => `\`${code}\` (${severity})\n\n${title}\n\n\`\`\`ts\n${example}\n\`\`\``,
    );
    expect(sections.map((section) => section.trim())).toEqual(expected);
  });
});
