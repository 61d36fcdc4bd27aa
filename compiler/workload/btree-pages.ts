/**
 * The first pages of a btree that is empty and yet as high as a full one. The planner reads the height
 * from the metapage (_bt_getrootheight, nbtpage.c) and charges each descent by it; the pages below are
 * valid, so that looking up the ends of the index finds nothing and does no harm. Layout: nbtree.h, bufpage.h.
 */
const pageSize = 8192;

/** checksum_impl.h: one FNV-1a hash for each of 32 stripes of the page. */
const checksumOffsets = [
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c, 0xf8d4474f, 0xe39eb970, 0x42c6ae16,
  0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc, 0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2,
  0x304a0979, 0x85aa43d4, 0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
];
const prime = 16_777_619;

/** pd_checksum of a page, for which the field itself counts as 0. Checksums are on by default from PostgreSQL 18. */
export function pageChecksum(page: Uint8Array, block: number): number {
  const copy = page.slice(0, pageSize);
  copy[8] = copy[9] = 0;
  const words = new Uint32Array(copy.buffer);
  const sums = Uint32Array.from(checksumOffsets);
  const mix = (sum: number, word: number): number => {
    const mixed = (sum ^ word) >>> 0;
    return (Math.imul(mixed, prime) ^ (mixed >>> 17)) >>> 0;
  };
  for (let row = 0; row < words.length / 32; row += 1) {
    for (let stripe = 0; stripe < 32; stripe += 1) sums[stripe] = mix(sums[stripe] ?? 0, words[row * 32 + stripe] ?? 0);
  }
  for (let round = 0; round < 2; round += 1) for (let stripe = 0; stripe < 32; stripe += 1) sums[stripe] = mix(sums[stripe] ?? 0, 0);
  const folded = sums.reduce((sum, each) => (sum ^ each) >>> 0, 0);
  return (((folded ^ block) >>> 0) % 65_535) + 1;
}

const treeMagic = 0x053162;
const special = 8176;
const flags = { leaf: 1, root: 2 };

const trees = new Map<string, Uint8Array>();

/**
 * Pages 0 to `height` + 1: the metapage, one page with a single downlink a level, and an empty leaf. Made once
 * of what metapages differ in, whether the index can share entries (btm_allequalimage) beside the height.
 */
export function skinnyTree(emptyMetapage: Uint8Array, height: number): Uint8Array {
  const meta = emptyMetapage.slice(0, pageSize);
  // Where in the log it was written; nothing ever writes it back.
  meta.fill(0, 0, 10);
  const key = `${height} ${Buffer.from(meta).toString('latin1')}`;
  const tree = trees.get(key) ?? madeTree(meta, height);
  trees.set(key, tree);
  // A file may be written to.
  return tree.slice();
}

function madeTree(meta: Uint8Array, height: number): Uint8Array {
  const view = new DataView(meta.buffer);
  if (view.getUint32(24, true) !== treeMagic) throw new Error('the first page of the file is no metapage of a btree');
  // btm_root, btm_level, btm_fastroot, btm_fastlevel.
  [1, height, 1, height].forEach((value, at) => view.setUint32(32 + at * 4, value, true));
  const pages = new Uint8Array(pageSize * (height + 2));
  pages.set(sealed(meta, 0), 0);
  for (let level = height; level >= 0; level -= 1) {
    const block = height - level + 1;
    pages.set(sealed(treePage(block, level, height), block), block * pageSize);
  }
  return pages;
}

function treePage(block: number, level: number, height: number): Uint8Array {
  const page = new Uint8Array(pageSize);
  const view = new DataView(page.buffer);
  const upper = level === 0 ? special : special - 8;
  // pd_lower, pd_upper, pd_special, page size with layout version 4.
  view.setUint16(12, level === 0 ? 24 : 28, true);
  [upper, special, pageSize | 4].forEach((value, at) => view.setUint16(14 + at * 2, value, true));
  if (level > 0) {
    // One line pointer to one pivot tuple without attributes (minus infinity) that leads to the next page.
    view.setUint32(24, (upper | (1 << 15) | (8 << 17)) >>> 0, true);
    view.setUint16(upper + 2, block + 1, true);
    view.setUint16(upper + 6, 8 | 0x2000, true);
  }
  view.setUint32(special + 8, level, true);
  view.setUint16(special + 12, (level === 0 ? flags.leaf : 0) | (level === height ? flags.root : 0), true);
  return page;
}

function sealed(page: Uint8Array, block: number): Uint8Array {
  new DataView(page.buffer, page.byteOffset).setUint16(8, pageChecksum(page, block), true);
  return page;
}
