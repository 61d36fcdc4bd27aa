/** `--scale` as verbs take it: what is no scale, or of no declared table, is refused with what to write. */
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { atScale, parseScale, scaledTable, type Scale, type Volumes } from '../workload/volumes.ts';

/** Throws a `DiagnosticError` with `unknown-scale`. */
export function scaledVolumes(volumes: Volumes, texts: readonly string[]): Volumes {
  const scales: Scale[] = [];
  const problems: Diagnostic[] = [];
  for (const text of texts) {
    const scale = parseScale(text);
    if (scale !== undefined && scaledTable(volumes, scale.table) !== undefined) scales.push(scale);
    else problems.push(unknownScale(text, scale));
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  return atScale(volumes, scales);
}

function unknownScale(text: string, scale: Scale | undefined): Diagnostic {
  return {
    code: 'unknown-scale',
    severity: 'error',
    message:
      scale === undefined
        ? `--scale ${text} is not TABLE=NUMBER`
        : `--scale ${text} names the table "${scale.table}", which is not declared`,
    hint: 'write --scale users=100M or --scale digests.partitions=60',
  };
}
