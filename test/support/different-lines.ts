/** Two texts compared line by line without their order: what only one of them has, for a message that can be read. */

/** Lines of the first text alone with `-`, of the second alone with `+`; the order of equal lines counts where no line differs. */
export function differentLines(left: string, right: string): readonly string[] {
  if (left === right) return [];
  const only = (here: readonly string[], there: readonly string[], mark: string): readonly string[] => {
    const rest = [...there];
    return here.flatMap((line) => {
      const at = rest.indexOf(line);
      if (at === -1) return [`${mark} ${line}`];
      rest.splice(at, 1);
      return [];
    });
  };
  const [a, b] = [left.split('\n'), right.split('\n')];
  const different = [...only(a, b, '-'), ...only(b, a, '+')];
  return different.length > 0 ? different : ['the same lines in another order'];
}

/**
 * A dump without the names of what a partition has of its parent's index: PostgreSQL chooses them for
 * a fresh schema, and nobody refers to them. Partitions that a rule makes, and the one that a table was before it had the rule, come and go and are left out. Its entries are sorted, since those names gave their order.
 */
export function withoutNamesOfParts(dump: string): string {
  let text = dump;
  for (;;) {
    const attach = /^ALTER INDEX \S+ ATTACH PARTITION (\S+);$/m.exec(
      text.replaceAll(/^ALTER INDEX \S+ ATTACH PARTITION part-on-.*$/gm, ''),
    );
    if (attach === null) break;
    const part = attach[1] ?? '';
    const name = part.slice(part.indexOf('.') + 1);
    const table = new RegExp(`INDEX ${escaped(name)} ON (?:ONLY )?(\\S+)|ALTER TABLE ONLY (\\S+)\\s+ADD CONSTRAINT ${escaped(name)} `).exec(
      text,
    );
    const word = `part-on-${table?.[1] ?? table?.[2] ?? name}`;
    text = text
      .replaceAll(new RegExp(`(?<=[ .])${escaped(name)}(?=[ ;])`, 'g'), word)
      .replaceAll(`ATTACH PARTITION ${part.slice(0, part.indexOf('.') + 1)}${word}`, `ATTACH PARTITION ${word}`);
  }
  return text
    .split(/\n(?=-- Name: )/)
    .map((entry) => entry.trim())
    .filter((entry) => !/^-- Name: .*_p(?:\d{8}|_before)/.test(entry))
    .sort()
    .join('\n\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
