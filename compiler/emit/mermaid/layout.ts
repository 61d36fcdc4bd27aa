/**
 * How wide a diagram will be, estimated from its graph before anything is drawn: dagre puts boxes in
 * ranks along the references, so the width is that of the widest rank (top to bottom) or the sum of
 * the ranks (left to right). Figures measured on Mermaid 11.12 in Chromium; no tables enter here.
 */

import { breadthOf } from './placement.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** A reference between two boxes by their positions, drawn from the first to the second. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly labelWidth: number;
}

export type Direction = 'TB' | 'LR';

export interface Layout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
}

/** Pixels between boxes of one rank, and between ranks. Mermaid's own 140 makes wide graphs unreadable. */
export const nodeGap = 60;
export const rankGap = 80;
const labelHeight = 24;

/** Pixels of a text at Mermaid's 16 px, with the padding of a cell. */
export function textWidth(text: string): number {
  let width = 25;
  // Glyphs of East Asian scripts and emoji are about twice as wide.
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 16 : 7.8;
  return width;
}

/** The rank of each box: one more than the highest before it; a cycle is opened at its first member. */
function ranksOf(count: number, links: readonly Link[]): readonly number[] {
  const ranks = new Array<number>(count).fill(0);
  const waiting = new Array<number>(count).fill(0);
  const outgoing: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    if (from === to) continue;
    outgoing[from]?.push(to);
    waiting[to] = (waiting[to] ?? 0) + 1;
  }
  const placed = new Array<boolean>(count).fill(false);
  const ready = ranks.map((_rank, box) => box).filter((box) => waiting[box] === 0);
  let next = 0;
  for (let done = 0; done < count; done += 1) {
    let box = ready.pop();
    while (box === undefined || placed[box] === true) {
      while (placed[next] === true) next += 1;
      box = next;
    }
    placed[box] = true;
    for (const target of outgoing[box] ?? []) {
      if (placed[target] === true) continue;
      ranks[target] = Math.max(ranks[target] ?? 0, (ranks[box] ?? 0) + 1);
      waiting[target] = (waiting[target] ?? 1) - 1;
      if (waiting[target] === 0) ready.push(target);
    }
  }
  return pulled(ranks, links);
}

/** dagre shortens references: a box with more of them after it than before stands next to the first of those. */
function pulled(ranks: readonly number[], links: readonly Link[]): readonly number[] {
  const after: number[][] = ranks.map(() => []);
  const before = ranks.map(() => 0);
  for (const { from, to } of links) {
    if ((ranks[from] ?? 0) >= (ranks[to] ?? 0)) continue;
    after[from]?.push(to);
    before[to] = (before[to] ?? 0) + 1;
  }
  const result = [...ranks];
  const latestFirst = ranks.map((_rank, box) => box).sort((left, right) => (ranks[right] ?? 0) - (ranks[left] ?? 0) || left - right);
  for (const box of latestFirst) {
    const targets = after[box] ?? [];
    if (targets.length <= (before[box] ?? 0)) continue;
    result[box] = targets.reduce((least, target) => Math.min(least, (result[target] ?? 1) - 1), Number.MAX_SAFE_INTEGER);
  }
  return result;
}

function measure(boxes: readonly Box[], links: readonly Link[], ranks: readonly number[], direction: Direction): Layout {
  const along = (box: Box): number => (direction === 'TB' ? box.height : box.width);
  const across = (box: Box): number => (direction === 'TB' ? box.width : box.height);
  const depths: number[] = [];
  const labels: number[] = [];
  boxes.forEach((box, position) => {
    const rank = ranks[position] ?? 0;
    depths[rank] = Math.max(depths[rank] ?? 0, along(box));
  });
  for (const { from, to, labelWidth } of links) {
    const rank = Math.min(ranks[from] ?? 0, ranks[to] ?? 0);
    labels[rank] = Math.max(labels[rank] ?? 0, direction === 'TB' ? labelHeight : labelWidth);
  }
  const breadth = breadthOf(
    boxes.map((box, position) => ({ rank: ranks[position] ?? 0, size: across(box) })),
    links.map(({ from, to, labelWidth }) => ({ from, to, size: direction === 'TB' ? labelWidth : labelHeight })),
    nodeGap,
  );
  const depth = depths.reduce((total, size, rank) => total + size + (rank === 0 ? 0 : rankGap + (labels[rank - 1] ?? 0)), 0);
  return direction === 'TB' ? { direction, width: breadth, height: depth } : { direction, width: depth, height: breadth };
}

/** The width of a picture in which nothing is scaled down on a page of 900 px. */
const pageWidth = 900;

/** The direction in which the diagram is read best: the flatter one where both fit, else the narrower one. */
export function chooseLayout(boxes: readonly Box[], links: readonly Link[]): Layout {
  const ranks = ranksOf(boxes.length, links);
  const down = measure(boxes, links, ranks, 'TB');
  const right = measure(boxes, links, ranks, 'LR');
  if (down.width <= pageWidth && right.width <= pageWidth) return down.height <= right.height ? down : right;
  return down.width <= right.width ? down : right;
}

/** Size in pixels of a text of 16 px when the picture is shown 900 px wide. */
export function textSize(layout: Layout): number {
  return layout.width <= pageWidth ? 16 : (16 * pageWidth) / layout.width;
}
