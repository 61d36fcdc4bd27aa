/** Declared statistics become an object that goes with its relation. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { compareText, dependencyList } from '../../model/object.ts';
import type { Statistics, StatisticsAttributes } from './object.ts';

export interface StatisticsDeclaration extends StatisticsAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareStatistics({ path, needs, ...rest }: StatisticsDeclaration): Statistics {
  const id = address('statistics', ...path);
  const attributes = { ...rest, kinds: [...rest.kinds].sort(compareText), columns: [...rest.columns].sort(compareText) };
  return { kind: 'statistics', id, path, attributes, dependsOn: dependencyList([rest.on, ...needs], id), partOf: rest.on };
}
