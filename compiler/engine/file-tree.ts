/**
 * A data directory as a tree in memory: every file is either still where it lies in an immutable
 * pack, or has been copied into memory by its first write. Plain nodes and the two operations on a
 * file's bytes; nothing here knows paths, descriptors or PostgreSQL.
 */
import { readSync } from 'node:fs';

/** Where a file's bytes lie in a pack that nobody changes. */
export interface PackedRange {
  /** An open file descriptor of the pack. */
  readonly descriptor: number;
  readonly offset: number;
  /** Which pack it is: the base that all states share, or one state's own. */
  readonly layer: 'base' | 'state';
}

export interface FileNode {
  readonly kind: 'file';
  mode: number;
  modified: number;
  size: number;
  /** Set until the first write. */
  packed: PackedRange | undefined;
  /** Bytes beyond `size` are spare room and always zero. */
  contents: Uint8Array;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  mode: number;
  modified: number;
  readonly children: Map<string, TreeNode>;
}

export type TreeNode = FileNode | DirectoryNode;

const directoryType = 0o040000;
const fileType = 0o100000;
const nothing = new Uint8Array(0);

export function newDirectory(mode: number): DirectoryNode {
  return { kind: 'directory', mode: (mode & 0o7777) | directoryType, modified: Date.now(), children: new Map() };
}

export function newFile(mode: number): FileNode {
  return { kind: 'file', mode: (mode & 0o7777) | fileType, modified: Date.now(), size: 0, packed: undefined, contents: nothing };
}

export function packedFile(mode: number, size: number, packed: PackedRange): FileNode {
  return { kind: 'file', mode: (mode & 0o7777) | fileType, modified: 0, size, packed, contents: nothing };
}

/** Copies up to `length` bytes at `position` into `target`; returns how many there were. */
export function readBytes(file: FileNode, target: Uint8Array, position: number): number {
  const length = Math.min(target.length, file.size - position);
  if (length <= 0) return 0;
  if (file.packed) return readSync(file.packed.descriptor, target, 0, length, file.packed.offset + position);
  const held = file.contents.subarray(position, position + length);
  target.set(held);
  // A pretended file is longer than what is held of it.
  if (held.length < length) target.fill(0, held.length, length);
  return length;
}

/** Writes at `position`; a gap between the end of the file and `position` reads as zeros. */
export function writeBytes(file: FileNode, source: Uint8Array, position: number): void {
  const end = position + source.length;
  bringToMemory(file, end);
  file.contents.set(source, position);
  file.size = Math.max(file.size, end);
}

export function resize(file: FileNode, size: number): void {
  if (size === file.size) return;
  if (size === 0) {
    Object.assign(file, { packed: undefined, contents: nothing, size: 0 });
    return;
  }
  bringToMemory(file, size);
  if (size < file.size) file.contents.fill(0, size, file.size);
  file.size = size;
}

/**
 * Gives a file a length without the bytes: what is not held reads as zeros, which PostgreSQL takes for
 * new pages. `beginning` replaces its first bytes. Such a file must never be written into a pack.
 */
export function pretend(file: FileNode, size: number, beginning?: Uint8Array): void {
  bringToMemory(file, 0);
  if (beginning !== undefined) file.contents = beginning;
  file.size = size;
}

/** All bytes of a file, for writing it into a pack. */
export function allBytes(file: FileNode): Uint8Array {
  if (!file.packed) return file.contents.subarray(0, file.size);
  const bytes = new Uint8Array(file.size);
  readBytes(file, bytes, 0);
  return bytes;
}

function bringToMemory(file: FileNode, capacity: number): void {
  if (!file.packed && file.contents.length >= capacity) return;
  // Relation files grow a block at a time: doubling keeps that linear, the cap keeps big ones lean.
  const held = file.packed ? file.size : Math.min(file.size, file.contents.length);
  const room = held === 0 ? capacity : Math.max(capacity, Math.min(held * 2, held + 1024 * 1024));
  const contents = new Uint8Array(room);
  readBytes(file, contents.subarray(0, held), 0);
  file.packed = undefined;
  file.contents = contents;
}
