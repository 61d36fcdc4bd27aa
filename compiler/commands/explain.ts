/** The verb `explain`: what a diagnostic's code means, why it is said, and what to do about it. */
import { explanations } from '../lint/explanations.ts';
import type { LintRule } from '../lint/rule.ts';
import { rules } from '../lint/rules.ts';
import type { CommandResult } from './result.ts';

/** Explains a code; of one that does not exist, names near ones. */
export function explainCommand(code: string): CommandResult {
  const rule = rules.find((each) => each.code === code);
  if (rule !== undefined) return explained(code, ruleText(rule), { title: rule.title, severity: rule.severity, example: rule.example });
  const explanation = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (explanation !== undefined) return explained(code, [explanation.meaning, '', explanation.remedy], { ...explanation });
  const near = nearCodes(code);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'docs/lint.md lists the rules of lint';
  const diagnostics = [{ code: 'unknown-code', severity: 'error', message: `no diagnostic has the code '${code}'`, hint }] as const;
  return { exitCode: 1, diagnostics, json: { code, near, diagnostics }, lines: [] };
}

function explained(code: string, text: readonly string[], more: object): CommandResult {
  return { exitCode: 0, diagnostics: [], json: { code, ...more, text: text.join('\n') }, lines: [code, '', ...text] };
}

function ruleText(rule: LintRule): readonly string[] {
  return [
    `${rule.title} (${rule.severity})`,
    '',
    rule.explanation,
    '',
    `  ${rule.example}`,
    '',
    `Silence it where it is meant:  suppress: { '${rule.code}': 'why' }`,
    `or set it for the project:     lint: { '${rule.code}': 'off' }`,
  ];
}

const nearest = 5;

/** Codes that contain what was asked for or share most of its words, then those a slip or two away. */
function nearCodes(asked: string): readonly string[] {
  const codes = [...rules.map(({ code }) => code), ...Object.keys(explanations)];
  return codes
    .map((code) => ({ code, away: distance(asked, code) }))
    .filter(({ away }) => away < 0.5)
    .sort((left, right) => left.away - right.away || (left.code < right.code ? -1 : 1))
    .slice(0, nearest)
    .map(({ code }) => code);
}

/** 0 for the same, 1 for nothing in common: how many pairs of letters two texts share (Dice's coefficient). */
function distance(left: string, right: string): number {
  const pairs = (text: string): readonly string[] => [...text].slice(1).map((letter, position) => `${text[position] ?? ''}${letter}`);
  const rest = [...pairs(right)];
  const shared = pairs(left).filter((pair) => {
    const position = rest.indexOf(pair);
    if (position >= 0) rest.splice(position, 1);
    return position >= 0;
  });
  return 1 - (2 * shared.length) / (pairs(left).length + pairs(right).length || 1);
}
