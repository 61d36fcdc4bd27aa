/** Codes of reading schema/: files that cannot be evaluated, types, and what setting up needs. */
import type { Explanations } from './explanation.ts';

export const loadingExplanations: Explanations = {
  'missing-folder': {
    meaning: 'There is no schema folder here, so nothing is declared.',
    remedy: 'Run the command in the folder that holds package.json and schema/, or begin with npx schemac init.',
  },
  'empty-folder': { meaning: 'The schema folder has no TypeScript file.', remedy: 'Write a table, or begin with npx schemac init.' },
  'nothing-exported': {
    meaning: 'The files were evaluated and export no declaration. Only what is exported is part of the schema.',
    remedy: "Export it: export const users = table('users', { … }).",
  },
  'syntax-error': { meaning: 'A schema file is not TypeScript.', remedy: 'Correct the line; the editor shows the same error.' },
  'type-error': {
    meaning: 'The TypeScript compiler refuses a schema file. Its own number (TS2345) stands in the message.',
    remedy: 'Correct the line. Rules of the language, such as a key without the partition key, are reported as type-rule with plain words.',
  },
  'type-rule': {
    meaning: 'The types of the schema language say that a declaration breaks a rule of PostgreSQL; the message is that rule.',
    remedy: 'Change the declaration as the message says.',
  },
  'types-unchecked': {
    meaning: 'No TypeScript compiler is installed, so only what loading checks was checked.',
    remedy: 'npm install -D typescript',
  },
  'ts-node-commonjs': {
    meaning:
      'Without "type": "module" in package.json ts-node makes CommonJS modules of the schema files, which Node cannot load together.',
    remedy: 'Write "type": "module", or leave --loader out: the default loader does not mind.',
  },
  'ts-node-missing': {
    meaning: 'The loader ts-node was asked for and is not installed with the project.',
    remedy: 'Install ts-node and typescript, or leave --loader out: the default loader needs nothing.',
  },
  'ts-node-typescript': {
    meaning: 'ts-node compiles with the JavaScript API of TypeScript, which TypeScript 7, a native program, does not have.',
    remedy: 'npm install -D typescript@6, or leave --loader out: the default loader needs no TypeScript.',
  },
  'unresolved-import': {
    meaning: 'An import names a file or package that cannot be found.',
    remedy: 'Check the path, or npm install the package.',
  },
  'unknown-import': {
    meaning: 'A name is imported from a module that does not export it.',
    remedy: 'Check the spelling; the editor lists what there is.',
  },
  'import-circle': {
    meaning: 'Schema files import each other in a circle, and one uses the other while it is still being evaluated.',
    remedy: 'Use what is imported inside a function only, as references((): AnyTable => users, …) does.',
  },
  'module-throws': {
    meaning: 'Code in a schema file throws while it is evaluated.',
    remedy: 'Correct it at the place given. Schema files must evaluate the same everywhere, without a database or the network.',
  },
  'package-json-unreadable': {
    meaning: 'package.json is not what npm could read.',
    remedy: 'Correct it and run the command again; nothing was written.',
  },
  'unknown-code': {
    meaning: 'No diagnostic has the code that was asked for.',
    remedy: 'Use one that a diagnostic printed; the hint names near ones.',
  },
  'cannot-write': {
    meaning:
      'An output cannot be written: the disk is full, or the folder may not be written to. Outputs are written beside their place and renamed, so no file is half written.',
    remedy: 'Mend what the message names and run npm run compile again.',
  },
  'system-error': {
    meaning:
      'The operating system refused something: a full disk, a file without permission. Outputs are written to temporary files and renamed, so what was there is whole.',
    remedy: 'Mend the cause that the message names and run the command again.',
  },
};
