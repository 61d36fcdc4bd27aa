/**
 * The file system that PGlite sees as its data directory: paths and descriptors over a file tree.
 * What is read comes from an immutable pack on disk, what is written stays in memory; nothing here
 * ever writes to disk. Loaded lazily, for it brings PGlite along.
 */
import { BaseFilesystem, ERRNO_CODES, type FsStats } from '@electric-sql/pglite/basefs';
import { newDirectory, newFile, readBytes, resize, writeBytes, type DirectoryNode, type FileNode, type TreeNode } from './file-tree.ts';

/** PGlite turns the code of whatever is thrown into the errno that PostgreSQL sees. */
class FileError extends Error {
  readonly code: number;
  constructor(name: keyof typeof ERRNO_CODES) {
    super(name);
    this.code = ERRNO_CODES[name];
  }
}

/**
 * Thrown again and again: PostgreSQL probes for thousands of files that are not there, and making an
 * error with its stack each time took 6 % of building a large schema.
 */
const failures = {
  badDescriptor: new FileError('EBADF'),
  exists: new FileError('EEXIST'),
  isDirectory: new FileError('EISDIR'),
  missing: new FileError('ENOENT'),
  notDirectory: new FileError('ENOTDIR'),
  notEmpty: new FileError('ENOTEMPTY'),
};

export class OverlayFilesystem extends BaseFilesystem {
  readonly root: DirectoryNode;
  readonly #open = new Map<number, FileNode>();
  #nextDescriptor = 1;

  constructor(root: DirectoryNode) {
    super();
    this.root = root;
  }

  override async closeFs(): Promise<void> {
    this.#open.clear();
    (this.pg?.Module.FS as { quit?(): void } | undefined)?.quit?.();
  }

  override chmod(path: string, mode: number): void {
    const node = this.#find(path);
    node.mode = (node.mode & ~0o7777) | (mode & 0o7777);
  }

  override utimes(path: string, _accessed: number, modified: number): void {
    this.#find(path).modified = modified;
  }

  override lstat(path: string): FsStats {
    return stats(this.#find(path));
  }

  override fstat(descriptor: number): FsStats {
    return stats(this.#descriptor(descriptor));
  }

  override readdir(path: string): string[] {
    return [...this.#directory(path).children.keys()];
  }

  override mkdir(path: string, options?: { mode?: number }): void {
    const { parent, name } = this.#place(path);
    if (parent.children.has(name)) throw failures.exists;
    parent.children.set(name, newDirectory(options?.mode ?? 0o700));
  }

  override rmdir(path: string): void {
    const { parent, name } = this.#place(path);
    if (this.#directory(path).children.size > 0) throw failures.notEmpty;
    parent.children.delete(name);
  }

  override unlink(path: string): void {
    const { parent, name } = this.#place(path);
    if (!parent.children.delete(name)) throw failures.missing;
  }

  override rename(from: string, to: string): void {
    const node = this.#find(from);
    const target = this.#place(to);
    const source = this.#place(from);
    source.parent.children.delete(source.name);
    target.parent.children.set(target.name, node);
  }

  override truncate(path: string, length = 0): void {
    resize(this.#file(path), length);
  }

  override writeFile(path: string, data: string | Uint8Array, options?: { mode?: number }): void {
    const { parent, name } = this.#place(path);
    const file = newFile(options?.mode ?? 0o600);
    writeBytes(file, typeof data === 'string' ? Buffer.from(data) : data, 0);
    parent.children.set(name, file);
  }

  override open(path: string): number {
    const descriptor = this.#nextDescriptor;
    this.#open.set(descriptor, this.#file(path));
    this.#nextDescriptor += 1;
    return descriptor;
  }

  override close(descriptor: number): void {
    this.#open.delete(descriptor);
  }

  override read(descriptor: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
    return readBytes(this.#descriptor(descriptor), target, position);
  }

  override write(descriptor: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    // PGlite hands over the ArrayBuffer itself, whatever its type says.
    const memory = buffer as unknown as ArrayBuffer;
    writeBytes(this.#descriptor(descriptor), new Uint8Array(memory, offset, length), position);
    return length;
  }

  #descriptor(descriptor: number): FileNode {
    const file = this.#open.get(descriptor);
    if (!file) throw failures.badDescriptor;
    return file;
  }

  #find(path: string): TreeNode {
    let node: TreeNode = this.root;
    for (const part of path.split('/')) {
      if (part === '') continue;
      if (node.kind !== 'directory') throw failures.notDirectory;
      const child = node.children.get(part);
      if (!child) throw failures.missing;
      node = child;
    }
    return node;
  }

  #file(path: string): FileNode {
    const node = this.#find(path);
    if (node.kind !== 'file') throw failures.isDirectory;
    return node;
  }

  #directory(path: string): DirectoryNode {
    const node = this.#find(path);
    if (node.kind !== 'directory') throw failures.notDirectory;
    return node;
  }

  #place(path: string): { parent: DirectoryNode; name: string } {
    const end = path.lastIndexOf('/');
    return { parent: this.#directory(path.slice(0, Math.max(end, 0))), name: path.slice(end + 1) };
  }
}

const blockSize = 4096;

function stats(node: TreeNode): FsStats {
  const size = node.kind === 'file' ? node.size : 0;
  const time = node.modified;
  const times = { atime: time, mtime: time, ctime: time };
  return {
    dev: 0,
    ino: 0,
    mode: node.mode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size,
    blksize: blockSize,
    blocks: Math.ceil(size / blockSize),
    ...times,
  };
}
