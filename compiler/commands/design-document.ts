/**
 * Puts together what the documents say: the nodes of the managed and external objects in declared
 * order, and what the schema declares beside them. Reviews are stale when what they saw has changed.
 */
import { reviewFingerprint } from '../lint/review-fingerprint.ts';
import { describeState } from './describe-state.ts';
import type { Address } from '../model/address.ts';
import type { Annotation, DeclaredSchema } from '../model/declared.ts';
import type { DesignDocument, DocumentNode } from '../model/document.ts';
import type { State } from '../model/object.ts';

export function annotationOf(declared: DeclaredSchema): (id: Address) => Annotation {
  const none: Annotation = {};
  return (id) => declared.annotations.get(id) ?? none;
}

export function nodesOf(state: State, declared: DeclaredSchema): readonly DocumentNode[] {
  return describeState({
    state,
    order: declared.objects.map((object) => object.id),
    annotation: annotationOf(declared),
    softReferences: declared.softReferences,
  });
}

export function designDocumentOf(state: State, declared: DeclaredSchema): DesignDocument {
  const nodes = nodesOf(state, declared);
  return {
    title: declared.project.title,
    purpose: declared.project.purpose,
    nodes,
    groups: declared.groups,
    requirements: declared.requirements,
    decisions: declared.decisions,
    openQuestions: declared.openQuestions,
    reviews: declared.reviews.map((review) => ({ ...review, stale: isStale(review, state) })),
    queries: declared.queries.map(({ name, sql, purpose }) => ({ name, sql, purpose })),
    retention: nodes.flatMap((node) =>
      node.node === 'table' && node.partition !== undefined ? [{ table: node.id, text: node.partition }] : [],
    ),
  };
}

function isStale(review: { readonly fingerprint?: string; readonly concerns: readonly string[] }, state: State): boolean {
  return review.fingerprint !== undefined && review.fingerprint !== reviewFingerprint(review.concerns, state);
}
