/**
 * One verb on many databases, one after the other: what goes wrong with one keeps no other from its turn.
 * Messages say which database they are about; the exit code is the worst.
 */
import { describeUrl } from '../migrate/describe-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { databaseList, type DatabaseListArguments } from './database-list.ts';
import type { CommandResult } from './result.ts';

type OfOne<Given> = Omit<Given, keyof DatabaseListArguments> & { readonly url?: string };

/** An error comes before something that is left, which comes before nothing. */
const worst = (codes: readonly CommandResult['exitCode'][]): CommandResult['exitCode'] =>
  codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0;

function named(database: string, diagnostic: Diagnostic): Diagnostic {
  return diagnostic.message.includes(database) ? diagnostic : { ...diagnostic, message: `${database}: ${diagnostic.message}` };
}

/** With one database the result is that of the verb; with a list its document is `{ databases: […] }`. */
export async function onEachDatabase<Given extends DatabaseListArguments>(
  given: Given,
  verb: (given: OfOne<Given>) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { urlsFile: _file, urlsCommand: _command, url, ...rest } = given;
  const urls = databaseList(given);
  if (urls === undefined) {
    const one = typeof url === 'string' ? url : url?.[0];
    return verb({ ...rest, ...(one === undefined ? {} : { url: one }) });
  }
  const results: CommandResult[] = [];
  for (const each of urls) {
    const result = await verb({ ...rest, url: each });
    results.push({ ...result, diagnostics: result.diagnostics.map((diagnostic) => named(describeUrl(each), diagnostic)) });
  }
  return {
    exitCode: worst(results.map(({ exitCode }) => exitCode)),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    json: { databases: results.map(({ json }) => json) },
    lines: results.flatMap(({ lines }, place) => [describeUrl(urls[place]), ...lines.map((line) => `  ${line}`), '']),
  };
}
