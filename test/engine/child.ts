/**
 * What the tests run as a process of its own: opens the base, or a state, runs a query and prints
 * its rows as JSON.
 */
import { openEngine, openState } from '../../compiler/engine/open.ts';

const [cacheFolder = '', sql = '', state] = process.argv.slice(2);
const engine = state === undefined ? await openEngine({ cacheFolder }) : await openState({ cacheFolder }, state);
process.stdout.write(JSON.stringify(engine ? await engine.query(sql) : null));
await engine?.close();
