/**
 * Lengths that relation files do not have. PostgreSQL takes a relation's length from the end of its
 * segment files (mdnblocks, md.c) and nothing else, so that a length alone makes it plan for a full table.
 * Nothing here knows what is planned; a data directory with pretended files is never kept.
 */
import { newFile, pretend, readBytes, type DirectoryNode, type FileNode, type TreeNode } from './file-tree.ts';

export const pageSize = 8192;

/** RELSEG_SIZE: a relation goes on in `<file>.1` after 1 GB. */
const segmentPages = 131_072;

/**
 * PostgreSQL opens every segment of a relation to find its end, which takes longer than planning from
 * some hundreds on. What is longer is pretended to be this long; the rows are right all the same, since the
 * planner takes their density from pg_class, and a cost of this size is over any budget.
 */
export const mostPages = 128 * segmentPages;

export interface PretendedFiles {
  readonly firstPage: (path: string) => Uint8Array;
  readonly pretendPages: (path: string, pages: number, beginning?: Uint8Array) => void;
}

export function pretendedFiles(root: DirectoryNode): PretendedFiles {
  return {
    firstPage: (path) => {
      const page = new Uint8Array(pageSize);
      readBytes(fileAt(root, path), page, 0);
      return page;
    },
    pretendPages: (path, pages, beginning) => {
      const { folder, name } = placeOf(root, path);
      pretend(fileAt(root, path), Math.min(pages, segmentPages) * pageSize, beginning);
      let segment = 1;
      for (let left = pages - segmentPages; left > 0; left -= segmentPages) {
        const file = segmentFile(folder, `${name}.${segment}`);
        pretend(file, Math.min(left, segmentPages) * pageSize);
        segment += 1;
      }
      // A length that was pretended before may have been greater.
      for (; folder.children.delete(`${name}.${segment}`); segment += 1);
    },
  };
}

function segmentFile(folder: DirectoryNode, name: string): FileNode {
  const there = folder.children.get(name);
  if (there?.kind === 'file') return there;
  const made = newFile(0o600);
  folder.children.set(name, made);
  return made;
}

function placeOf(root: DirectoryNode, path: string): { readonly folder: DirectoryNode; readonly name: string } {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let folder: TreeNode | undefined = root;
  for (const part of parts) folder = folder?.kind === 'directory' ? folder.children.get(part) : undefined;
  if (folder?.kind !== 'directory') throw new Error(`the data directory has no folder for ${path}`);
  return { folder, name };
}

function fileAt(root: DirectoryNode, path: string): FileNode {
  const { folder, name } = placeOf(root, path);
  const file = folder.children.get(name);
  if (file?.kind !== 'file') throw new Error(`the data directory has no file ${path}`);
  return file;
}
