/**
 * Reading a database into objects, in this process, beside the time that the server alone takes to
 * answer the same catalog queries: what is between the two is what the compiler itself costs.
 */
import { introspect, pinnedSettings } from '../../compiler/introspect/introspect.ts';
import { withClient } from '../support/database.ts';
import type { Databases } from './databases.ts';
import type { Run } from './run.ts';

export interface Introspections {
  readonly whole: readonly Run[];
  readonly queries: readonly Run[];
}

const asText = { getTypeParser: () => (value: string) => value };

export async function measureIntrospection({ one, major }: Databases, runs: number): Promise<Introspections> {
  return withClient(one, async (client) => {
    const whole: Run[] = [];
    const queries: Run[] = [];
    for (let run = 0; run < runs; run += 1) {
      await client.query(['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ...pinnedSettings].join('; '));
      let waited = 0;
      const query = async (text: string): Promise<readonly { readonly [column: string]: string | null }[]> => {
        const asked = performance.now();
        const { rows } = await client.query<Record<string, string | null>>({ text, types: asText });
        waited += performance.now() - asked;
        return rows;
      };
      const began = performance.now();
      await introspect({ query }, major);
      whole.push({ milliseconds: performance.now() - began });
      queries.push({ milliseconds: waited });
      await client.query('ROLLBACK');
    }
    return { whole, queries };
  });
}
