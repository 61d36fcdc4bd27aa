/**
 * How the progress of many databases looks: on a terminal a table that is drawn again in place, with
 * those that are worked on and the counts; elsewhere a line for each that was not already current.
 */
import { countOutcomes, countsText, endText } from '../commands/migrate-many.ts';
import type { DatabaseReport, FleetEvent } from '../migrate/fleet.ts';
import { logPace, type Screen } from './live-line.ts';

/** Milliseconds between two drawings. */
const pace = 100;

/** The table: a line a database that is worked on, and one that counts. */
export function tableLines(
  total: number,
  running: ReadonlyMap<number, readonly [database: string, line: string]>,
  ended: readonly DatabaseReport[],
): readonly string[] {
  const rows = [...running.values()].map(([database, line]) => `  ${database}  ${line}`);
  return [...rows, `${String(ended.length)} of ${String(total)}: ${countsText(countOutcomes(ended)) || 'begun'}`];
}

/** Takes events and shows them; `end` leaves the last table standing. */
export function fleetProgress(screen: Screen, total: number): { readonly watch: (event: FleetEvent) => void; readonly end: () => void } {
  const running = new Map<number, readonly [string, string]>();
  const ended: DatabaseReport[] = [];
  let drawn = 0;
  let last = 0;
  const told = new Map<number, number>();
  const draw = (): void => {
    last = Date.now();
    const lines = tableLines(total, running, ended).map((line) => line.slice(0, screen.columns - 1));
    // Up to the first line of the table before, and clear to the end of the screen (ECMA-48, CUU and ED).
    screen.write(`${drawn === 0 ? '' : `\u001b[${String(drawn)}A\r\u001b[J`}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const watch = ({ place, database, what }: FleetEvent): void => {
    if ('ended' in what) {
      running.delete(place);
      ended.push(what.ended);
      if (!screen.isTerminal && what.ended.outcome !== 'current') screen.write(`${database}: ${endText(what.ended)}\n`);
    } else if ('tick' in what) {
      if (what.tick !== '') running.set(place, [database, what.tick]);
      if (!screen.isTerminal && what.tick !== '' && Date.now() - (told.get(place) ?? 0) >= logPace) {
        told.set(place, Date.now());
        screen.write(`${database}: ${what.tick}\n`);
      }
    } else {
      running.set(place, [database, what.line]);
      if (!screen.isTerminal) screen.write(`${database}: ${what.line}\n`);
    }
    if (screen.isTerminal && Date.now() - last >= pace) draw();
  };
  return { watch, end: () => (screen.isTerminal ? draw() : undefined) };
}
