/**
 * Diagrams as SVG and PNG, by mermaid-cli in a Chromium that is already there. Both are optional and
 * imported only here: what is missing is a diagnostic that says what to install. The settings are
 * those that give the same bytes for the same text; nothing is written to disk.
 */
import { existsSync } from 'node:fs';
import type { Diagnostic } from '../model/diagnostic.ts';
import { maximumLength } from './mermaid.ts';

export interface RenderOptions {
  readonly formats: readonly ('svg' | 'png')[];
  readonly theme?: 'default' | 'dark';
  /** The browser to use; looked for where absent. */
  readonly chromium?: string;
}

export interface Rendered {
  /** Pictures by file name: `erd.svg` for `erd.mmd`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
}

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Where a Chromium is: what the environment names, else one of the usual places. */
export function findChromium(
  environment: { readonly [name: string]: string | undefined },
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  return [environment.PUPPETEER_EXECUTABLE_PATH, ...places].find((path) => path !== undefined && path !== '' && exists(path));
}

/** Ids, seeds and look that do not depend on time or chance; labels as SVG text, which every viewer shows. */
function mermaidConfig(theme: 'default' | 'dark') {
  return {
    theme,
    look: 'classic',
    deterministicIds: true,
    deterministicIDSeed: 'schemac',
    handDrawnSeed: 1,
    htmlLabels: false,
    maxTextSize: maximumLength,
    securityLevel: 'strict',
  } as const;
}

function missing(code: string, message: string, hint: string): Rendered {
  return { files: new Map(), diagnostics: [{ code, severity: 'error', message, hint }] };
}

/** Mermaid draws a picture of an error for text over its limit and reports success, so length is checked here. */
function tooLong(name: string, text: string): Diagnostic | undefined {
  if (text.length < maximumLength) return undefined;
  return {
    code: 'diagram-too-long',
    severity: 'error',
    message: `${name} has ${text.length} characters; Mermaid draws fewer than ${maximumLength}`,
    hint: 'Put its tables into groups: each group gets a diagram of its own.',
  };
}

function failed(name: string, error: unknown): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'diagram-not-rendered', severity: 'error', message: `${name} could not be rendered: ${message}` };
}

async function loadTools() {
  try {
    const [cli, puppeteer] = await Promise.all([import('@mermaid-js/mermaid-cli'), import('puppeteer-core')]);
    return { renderMermaid: cli.renderMermaid, launch: puppeteer.default.launch.bind(puppeteer.default) };
  } catch {
    return undefined;
  }
}

/**
 * Renders Mermaid texts by file name (`erd.mmd`). Never fails: what could not be done is in
 * `diagnostics`, the rest in `files`.
 */
export async function renderDiagrams(sources: ReadonlyMap<string, string>, options: RenderOptions): Promise<Rendered> {
  const tools = await loadTools();
  if (tools === undefined) {
    return missing(
      'mermaid-cli-missing',
      'SVG and PNG need mermaid-cli, which is not installed',
      'npm install -D @mermaid-js/mermaid-cli@12.2.0 puppeteer-core@25.16.0',
    );
  }
  const chromium = options.chromium ?? findChromium(process.env);
  if (chromium === undefined) {
    return missing(
      'chromium-missing',
      'SVG and PNG need Chromium or Chrome, and none was found',
      'Install one (Debian: apt-get install chromium), or set PUPPETEER_EXECUTABLE_PATH to where it is.',
    );
  }
  const files = new Map<string, Uint8Array>();
  const diagnostics: Diagnostic[] = [];
  // Without a user namespace, as in most containers, Chromium starts only without its sandbox; it reads our own text.
  const browser = await tools.launch({ executablePath: chromium, args: ['--no-sandbox'] }).catch((error: unknown) => {
    diagnostics.push({ ...failed(chromium, error), code: 'chromium-not-started', message: `${chromium} did not start: ${String(error)}` });
    return undefined;
  });
  if (browser === undefined) return { files, diagnostics };
  try {
    for (const [name, text] of sources) {
      const long = tooLong(name, text);
      if (long !== undefined) diagnostics.push(long);
      for (const format of long === undefined ? options.formats : []) {
        const settings = {
          backgroundColor: options.theme === 'dark' ? '#0d1117' : 'white',
          mermaidConfig: mermaidConfig(options.theme ?? 'default'),
          viewport: { width: 900, height: 600, deviceScaleFactor: 2 },
        };
        try {
          const { data } = await tools.renderMermaid(browser, text, format, settings);
          files.set(name.replace(/\.mmd$/, `.${format}`), data);
        } catch (error) {
          diagnostics.push(failed(name, error));
        }
      }
    }
  } finally {
    await browser.close();
  }
  return { files, diagnostics };
}
