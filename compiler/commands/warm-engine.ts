/**
 * An empty engine that starts before it is known what it is for: while the schema is loaded and its
 * types are checked, or between two runs of `--watch`. It is taken once, or closed.
 */
import type { Engine } from '../engine/engine.ts';
import { openEngine, type EngineRequest } from '../engine/open.ts';

export interface WarmEngine {
  /** The engine, with these extensions; another one is opened where it was started without them. */
  readonly take: (extensions: readonly string[]) => Promise<Engine>;
  /** Closes it, where nobody took it. */
  readonly release: () => Promise<void>;
}

export function warmEngine(request: EngineRequest): WarmEngine {
  let opening: Promise<Engine> | undefined = openEngine(request);
  // Whoever takes it learns what went wrong; until then nobody waits.
  opening.catch(() => undefined);
  const release = async (): Promise<void> => {
    const engine = await opening?.catch(() => undefined);
    opening = undefined;
    await engine?.close();
  };
  return {
    take: async (extensions) => {
      if (extensions.length === 0 && opening !== undefined) {
        const engine = opening;
        opening = undefined;
        return engine;
      }
      await release();
      return openEngine({ ...request, extensions });
    },
    release,
  };
}
