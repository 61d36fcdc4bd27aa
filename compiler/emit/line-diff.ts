/**
 * Two lists of lines as a unified diff: the lines that went, came and stayed, with a little context.
 * Written here because it is a page of code, and loading a package for it would cost every compile.
 */

type Step = readonly [sign: ' ' | '-' | '+', line: string];

/** Lengths of the longest common subsequences of the tails of both lists. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      const same = before[left] === after[right];
      const diagonal = (lengths[left + 1]?.[right + 1] ?? 0) + 1;
      const longer = Math.max(lengths[left + 1]?.[right] ?? 0, lengths[left]?.[right + 1] ?? 0);
      const row = lengths[left];
      if (row !== undefined) row[right] = same ? diagonal : longer;
    }
  }
  return lengths;
}

function stepsOf(before: readonly string[], after: readonly string[]): readonly Step[] {
  const lengths = commonLengths(before, after);
  const steps: Step[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [old, young] = [before[left], after[right]];
    if (old !== undefined && old === young) {
      steps.push([' ', old]);
      left += 1;
      right += 1;
    } else if (old !== undefined && (young === undefined || (lengths[left + 1]?.[right] ?? 0) >= (lengths[left]?.[right + 1] ?? 0))) {
      steps.push(['-', old]);
      left += 1;
    } else {
      steps.push(['+', young ?? '']);
      right += 1;
    }
  }
  return steps;
}

/**
 * The lines of a unified diff without file names: ` kept`, `-gone`, `+new`, and `@@ … @@` where lines
 * were left out. Empty where nothing differs.
 */
export function lineDiff(before: readonly string[], after: readonly string[], context = 2): readonly string[] {
  const steps = stepsOf(before, after);
  const isNear = steps.map((_step, position) =>
    steps.slice(Math.max(0, position - context), position + context + 1).some(([sign]) => sign !== ' '),
  );
  const lines: string[] = [];
  steps.forEach(([sign, line], position) => {
    if (isNear[position] !== true) return;
    if (position > 0 && isNear[position - 1] !== true) lines.push('@@ … @@');
    lines.push(`${sign}${line}`);
  });
  return lines;
}
