/** Every rule speaks on one schema and is silent on one near it, both built by PostgreSQL. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../compiler/lint/rules.ts';
import { cases } from './cases.ts';
import { openLinter, type Linter } from './support.ts';

const day = '2026-03-31';

describe('rules', () => {
  let linter: Linter;
  beforeAll(async () => {
    linter = await openLinter();
  });
  afterAll(() => linter.close());

  it('are each tried both ways', () => {
    expect(cases.map(({ code }) => code).sort()).toEqual(rules.map(({ code }) => code).sort());
  });

  it.each(cases)('$code', async ({ code, fires, subjects, quiet, before }) => {
    const of = (text: string) => linter.lint(text, before, day).then((all) => all.filter((diagnostic) => diagnostic.code === code));
    const spoken = await of(fires);
    expect(spoken.map(({ subject }) => subject ?? '').sort()).toEqual(subjects);
    expect(await of(quiet)).toEqual([]);
    for (const { message, hint } of spoken) expect([message, hint].every((words) => words !== undefined && words.length > 10)).toBe(true);
  });
});
