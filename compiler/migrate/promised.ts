/** What the migrations of a folder were proven to lead to, as whoever calls the runner knows it. Data only. */
import type { State } from '../model/object.ts';
import type { Carried } from '../model/statement.ts';

export interface Promised {
  /** The chained hash of the last migration. */
  readonly head: string;
  /** The major version of the engine that spelled it. */
  readonly major: number;
  readonly state: State;
  /** What that engine could not hold, and so did not spell. */
  readonly carried: readonly Carried[];
}
