/** Codes of bringing an existing database in. */
import type { Explanations } from './explanation.ts';

export const pullingExplanations: Explanations = {
  'file-exists': {
    meaning: 'pull would overwrite a file that is there already, and writes nothing at all then.',
    remedy: 'Write to another folder with --out and compare, or overwrite the named files with --force; no file is ever removed.',
  },
  'pull-differs': {
    meaning:
      'The schema that pull made was loaded and built in an engine, and is not what the database holds. Such a schema is never written: the first migration would record a database that does not exist.',
    remedy:
      'This is a fault of schemac: please report it with the definition of the named object. --no-proof writes the files as they are, to be mended by hand; schemac diff then shows what is left.',
  },
};
