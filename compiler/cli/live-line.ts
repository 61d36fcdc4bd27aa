/**
 * Progress on standard error: lines that stay, and on a terminal one live line below them that is
 * written over again and again; in a log the live line is a line every ten seconds.
 */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly write: (text: string) => void;
}

/** Standard error, where all progress goes. */
export function standardError(): Screen {
  const { isTTY = false, columns = 80 } = process.stderr as { readonly isTTY?: boolean; readonly columns?: number };
  return { isTerminal: isTTY, columns, write: (text) => void process.stderr.write(text) };
}

/** Milliseconds between two drawings, and between two lines of a log. */
const drawPace = 100;
export const logPace = 10_000;

/** `report` takes lines that stay, `tick` the live one; an empty one takes it away. */
export interface Progress {
  readonly report: (line: string) => void;
  readonly tick: (line: string) => void;
}

export function liveLine(screen: Screen): Progress {
  let shown = '';
  let last = screen.isTerminal ? 0 : Date.now();
  // Back to the beginning of the line, and clear it to its end (ECMA-48, EL).
  const clear = (): string => (shown === '' ? '' : '\r\u001b[K');
  return {
    report: (line) => {
      screen.write(`${clear()}${line}\n${shown}`);
    },
    tick: (line) => {
      const isDue = Date.now() - last >= (screen.isTerminal ? drawPace : logPace);
      if (line === '') {
        screen.write(clear());
        shown = '';
      } else if (isDue && screen.isTerminal) {
        const cut = line.slice(0, screen.columns - 1);
        screen.write(`${clear()}${cut}`);
        shown = cut;
      } else if (isDue) screen.write(`${line}\n`);
      if (isDue && line !== '') last = Date.now();
    },
  };
}
