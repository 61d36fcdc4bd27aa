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
