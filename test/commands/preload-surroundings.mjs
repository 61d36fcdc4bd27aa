/**
 * Another day and another file system, for determinism: shifts the clock by SHIFT_DAYS days and
 * reverses every listing of a folder. Says on standard error that it was asked, so that a test can see it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const shift = Number(process.env.SHIFT_DAYS ?? 0) * 86_400_000;
const Original = Date;
let isTold = false;

globalThis.Date = class extends Original {
  constructor(...given) {
    if (given.length === 0) super(Original.now() + shift);
    else super(...given);
  }
  static now() {
    return Original.now() + shift;
  }
};

function reversed(entries) {
  if (!isTold && entries.length > 1) process.stderr.write('listing reversed\n');
  isTold ||= entries.length > 1;
  return [...entries].reverse();
}

if (process.env.REVERSE_LISTINGS === 'yes') {
  const { readdirSync } = fs;
  const { readdir } = fs.promises;
  fs.readdirSync = (...given) => reversed(readdirSync(...given));
  fs.promises.readdir = async (...given) => reversed(await readdir(...given));
  syncBuiltinESMExports();
}
process.stderr.write(`day ${new Date().toISOString().slice(0, 10)}, hour ${new Date(0).getHours()}\n`);
