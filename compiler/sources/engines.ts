/**
 * Engines for those who may need one: none is started before somebody asks, and the empty one is lent
 * to one after another, since two transactions in one session would mix. Knows nothing of schemas.
 */
import type { Engine } from '../engine/engine.ts';
import { openEngine, type EngineRequest } from '../engine/open.ts';

export interface Engines {
  /** Lends an empty engine that has these extensions; it must be left empty. */
  readonly borrow: <Result>(extensions: readonly string[], use: (engine: Engine) => Promise<Result>) => Promise<Result>;
  /** Opens an engine for one use, which may leave anything in it. */
  readonly spend: <Result>(extensions: readonly string[], use: (engine: Engine) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

interface Kept {
  readonly engine: Engine;
  readonly extensions: readonly string[];
}

/** `using` of the request says which PostgreSQL: the embedded one, or a scratch database on a server. */
export function makeEngines(request: Omit<EngineRequest, 'extensions'>): Engines {
  let kept: Kept | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const closeKept = async (): Promise<void> => {
    const { engine } = kept ?? {};
    kept = undefined;
    await engine?.close();
  };
  const emptyWith = async (extensions: readonly string[]): Promise<Engine> => {
    if (kept !== undefined && extensions.every((name) => kept?.extensions.includes(name))) return kept.engine;
    const all = [...new Set([...(kept?.extensions ?? []), ...extensions])].sort();
    await closeKept();
    kept = { engine: await openEngine({ ...request, extensions: all }), extensions: all };
    return kept.engine;
  };
  return {
    borrow: (extensions, use) => {
      const turn = last.then(async () => use(await emptyWith(extensions)));
      last = turn.catch(() => undefined);
      return turn;
    },
    spend: async (extensions, use) => {
      const engine = await openEngine({ ...request, extensions });
      try {
        return await use(engine);
      } finally {
        await engine.close();
      }
    },
    close: async () => {
      await last;
      await closeKept();
    },
  };
}
