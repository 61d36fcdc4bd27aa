/**
 * Breaks the process at the FAULT_AT-th step that changes something below FAULT_BELOW: `kill` ends it
 * there, a write half done; any other FAULT is the error that this and every later write then meets.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { FAULT, FAULT_AT, FAULT_BELOW = '' } = process.env;
let steps = 0;

function isHere(path) {
  return typeof path === 'string' && path.startsWith(FAULT_BELOW);
}

function refuse(path, syscall) {
  throw Object.assign(new Error(`${FAULT}: ${syscall} '${path}'`), { code: FAULT, syscall, path });
}

function step(name, isWrite, half) {
  const original = fs[name];
  fs[name] = (path, ...more) => {
    if (isHere(path)) {
      if (FAULT === 'kill' || isWrite) steps += 1;
      if (FAULT === 'kill' && steps === Number(FAULT_AT)) {
        half?.(original, path, ...more);
        process.kill(process.pid, 'SIGKILL');
      }
      if (FAULT !== 'kill' && isWrite && steps >= Number(FAULT_AT)) {
        half?.(original, path, ...more);
        refuse(path, 'write');
      }
    }
    return original(path, ...more);
  };
}

step('writeFileSync', true, (write, path, text, ...more) => write(path, text.slice(0, text.length / 2), ...more));
step('mkdirSync', true);
step('renameSync', false);
step('rmSync', false);
step('rmdirSync', false);
const { writeFile } = fs.promises;
fs.promises.writeFile = async (path, ...more) => {
  if (isHere(path) && FAULT !== 'kill') refuse(path, 'write');
  return writeFile(path, ...more);
};
syncBuiltinESMExports();
