/**
 * Both Mermaid parsers in plain Node: 11.12, whose grammar we write, and 12. Without a browser's
 * window DOMPurify has no methods; `accTitle` calls two of them, so they are filled in here.
 */
import DOMPurify from 'dompurify';

interface Purifier {
  addHook?: unknown;
  sanitize?: unknown;
}

interface Entity {
  readonly alias: string;
  readonly label: string;
  readonly attributes: readonly {
    readonly type: string;
    readonly name: string;
    readonly keys?: readonly string[];
    readonly comment?: string;
  }[];
}

interface Database {
  getEntities(): ReadonlyMap<string, Entity>;
  getRelationships(): readonly { readonly relSpec: { readonly relType: string } }[];
  getDirection(): string;
  getAccTitle(): string;
  getAccDescription(): string;
}

interface Parser {
  parse(text: string): Promise<unknown>;
  readonly mermaidAPI: { getDiagramFromText(text: string): Promise<{ readonly db: unknown }> };
}

export interface Parsed {
  readonly entities: readonly Entity[];
  readonly relations: number;
  readonly dashed: number;
  readonly direction: string;
  readonly title: string;
  readonly description: string;
}

async function parsers(): Promise<readonly Parser[]> {
  const purifier = DOMPurify as Purifier;
  purifier.addHook ??= () => undefined;
  purifier.sanitize ??= (text: string) => text;
  const [older, newer] = await Promise.all([import('mermaid-11'), import('mermaid')]);
  return [older.default, newer.default];
}

/** Parses with both; fails with the parser's message, and where the two disagree. */
export async function parseMermaid(text: string): Promise<Parsed> {
  const results: Parsed[] = [];
  for (const parser of await parsers()) {
    await parser.parse(text);
    const database = (await parser.mermaidAPI.getDiagramFromText(text)).db as Database;
    const relations = database.getRelationships();
    results.push({
      entities: [...database.getEntities().values()].map(({ alias, label, attributes }) => ({ alias, label, attributes })),
      relations: relations.length,
      dashed: relations.filter((relation) => relation.relSpec.relType === 'NON_IDENTIFYING').length,
      direction: database.getDirection(),
      title: database.getAccTitle(),
      description: database.getAccDescription(),
    });
  }
  const [older, newer] = results;
  if (older === undefined || newer === undefined) throw new Error('two parsers were expected');
  if (JSON.stringify([older.entities.length, older.relations]) !== JSON.stringify([newer.entities.length, newer.relations])) {
    throw new Error(`the parsers disagree: ${JSON.stringify([older, newer])}`);
  }
  return older;
}

/** The mermaid blocks of a Markdown page. */
export function mermaidBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}
