/**
 * A pack: a whole data directory in one immutable file (contents, then an index, then a footer that
 * is written last). One file can be replaced and deleted atomically, needs a single descriptor, and
 * shows by its footer and length whether it is whole. A state's pack holds only what differs from
 * the base pack that it names. Nothing here knows PostgreSQL, but for what it must leave out.
 */
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { allBytes, newDirectory, packedFile, type DirectoryNode, type FileNode } from './file-tree.ts';

export interface Pack {
  readonly identity: string;
  readonly root: DirectoryNode;
  readonly extensions: readonly string[];
  readonly capabilities: readonly string[];
  readonly descriptor: number;
  close(): void;
}

/** What a pack says about itself beside the files. */
export interface PackHeader {
  /** The identity of the base pack that this one leans on; undefined for a base. */
  readonly base: string | undefined;
  readonly extensions: readonly string[];
  /** What the server could do when the base was made, without extensions; a state has its base's. */
  readonly capabilities: readonly string[];
}

/** Which of the two packs holds it, then mode, offset, size; a directory has a mode only. */
type Entry = readonly ['base' | 'own', number, number, number] | readonly ['directory', number];

interface Index extends PackHeader {
  readonly identity: string;
  readonly length: number;
  readonly entries: Readonly<Record<string, Entry>>;
}

const magic = 'schemac pack 2\n\n';
const footerLength = magic.length + 16;
const chunkLength = 1024 * 1024;

/** A lock file names a process that has gone when the pack is opened again. */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts']);

/** Writes a pack beside its final place and renames it there: readers see all of it or nothing. */
export function writePack(path: string, root: DirectoryNode, header: PackHeader): void {
  mkdirSync(dirname(path), { recursive: true });
  const identity = randomBytes(12).toString('hex');
  const temporary = `${path}.${identity}.tmp`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    const writer = chunkedWriter(descriptor);
    const entries: Record<string, Entry> = {};
    collect(root, '', header.base !== undefined, writer, entries);
    const index: Index = { ...header, identity, length: writer.length(), entries };
    const text = Buffer.from(JSON.stringify(index));
    writer.write(text);
    writer.write(Buffer.from(String(text.length).padStart(16) + magic));
    writer.flush();
    fsyncSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(descriptor);
  renameSync(temporary, path);
}

/** Opens a pack; undefined where there is none, or it is not whole, or its base is another one. */
export function openPack(path: string, base: Pack | undefined): Pack | undefined {
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return undefined;
  const index = readIndex(descriptor);
  if (!index || index.base !== base?.identity) {
    closeSync(descriptor);
    return undefined;
  }
  const root = newDirectory(0o700);
  for (const [name, entry] of Object.entries(index.entries)) addEntry(root, name, entry, { base, descriptor });
  return {
    identity: index.identity,
    root,
    extensions: index.extensions,
    capabilities: index.capabilities,
    descriptor,
    close: () => closeSync(descriptor),
  };
}

interface Writer {
  length(): number;
  write(bytes: Uint8Array): void;
  flush(): void;
}

function chunkedWriter(descriptor: number): Writer {
  const chunk = Buffer.allocUnsafe(chunkLength);
  let filled = 0;
  let written = 0;
  const writeAll = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    written += bytes.length;
  };
  const flush = (): void => {
    writeAll(chunk.subarray(0, filled));
    filled = 0;
  };
  const write = (bytes: Uint8Array): void => {
    if (filled + bytes.length > chunkLength) flush();
    if (bytes.length > chunkLength) return writeAll(bytes);
    chunk.set(bytes, filled);
    filled += bytes.length;
  };
  return { length: () => written + filled, write, flush };
}

function collect(directory: DirectoryNode, prefix: string, leans: boolean, writer: Writer, entries: Record<string, Entry>): void {
  for (const [name, node] of directory.children) {
    if (prefix === '' && leftOut.has(name)) continue;
    const path = prefix + name;
    if (node.kind === 'directory') {
      entries[path] = ['directory', node.mode & 0o7777];
      collect(node, `${path}/`, leans, writer, entries);
    } else {
      entries[path] = fileEntry(node, leans, writer);
    }
  }
}

function fileEntry(file: FileNode, leans: boolean, writer: Writer): Entry {
  const mode = file.mode & 0o7777;
  if (leans && file.packed?.layer === 'base') return ['base', mode, file.packed.offset, file.size];
  const offset = writer.length();
  writer.write(allBytes(file));
  return ['own', mode, offset, file.size];
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readIndex(descriptor: number): Index | undefined {
  const total = fstatSync(descriptor).size;
  if (total < footerLength) return undefined;
  const footer = readAt(descriptor, total - footerLength, footerLength).toString('latin1');
  const length = Number(footer.slice(0, 16));
  if (!footer.endsWith(magic) || !(length > 0 && length <= total - footerLength)) return undefined;
  try {
    const index = JSON.parse(readAt(descriptor, total - footerLength - length, length).toString('utf8')) as Index;
    return index.length + length + footerLength === total ? index : undefined;
  } catch {
    return undefined;
  }
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return bytes;
}

function addEntry(root: DirectoryNode, path: string, entry: Entry, source: { base: Pack | undefined; descriptor: number }): void {
  const end = path.lastIndexOf('/');
  const parent = end < 0 ? root : descend(root, path.slice(0, end));
  const name = path.slice(end + 1);
  if (entry[0] === 'directory') {
    parent.children.set(name, newDirectory(entry[1]));
    return;
  }
  const [place, mode, offset, size] = entry;
  if (place === 'own') {
    const layer = source.base ? 'state' : 'base';
    parent.children.set(name, packedFile(mode, size, { descriptor: source.descriptor, offset, layer }));
  } else if (source.base) {
    parent.children.set(name, packedFile(mode, size, { descriptor: source.base.descriptor, offset, layer: 'base' }));
  }
}

function descend(root: DirectoryNode, path: string): DirectoryNode {
  let directory = root;
  for (const part of path.split('/')) {
    const child = directory.children.get(part);
    if (child?.kind !== 'directory') throw new Error(`the pack lists ${path} after what it holds`);
    directory = child;
  }
  return directory;
}
