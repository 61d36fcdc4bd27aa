/** The options of a sequence that differ from what PostgreSQL fills in, for sequences and identity columns. */
import { integerNode, type SourceNode } from '../model/source.ts';
import type { SequenceOptions } from './attribute-types.ts';
import { flagNode } from './column-source.ts';
import { sequenceOptions } from './sequence-options.ts';

/** The fields `start`, `increment`, …, each absent where it is what the type and the direction give. */
export function sequenceFields(type: string, options: SequenceOptions): { readonly [field: string]: SourceNode | undefined } {
  const increment = BigInt(options.increment);
  const usual = sequenceOptions(type, { increment });
  // The start follows the bounds, so it is compared with what these very bounds give.
  const start = sequenceOptions(type, { increment, minimum: BigInt(options.minimum), maximum: BigInt(options.maximum) }).start;
  const differing = (name: 'increment' | 'minimum' | 'maximum' | 'cache', given: string): SourceNode | undefined =>
    options[name] === given ? undefined : integerNode(options[name]);
  return {
    start: options.start === start ? undefined : integerNode(options.start),
    increment: differing('increment', '1'),
    minimum: differing('minimum', usual.minimum),
    maximum: differing('maximum', usual.maximum),
    cache: differing('cache', '1'),
    cycle: flagNode(options.cycle),
  };
}
