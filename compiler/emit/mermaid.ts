/**
 * The face of the Mermaid emitter: one diagram of some tables, or all diagrams of a document. How
 * they are laid out, drawn and split is in mermaid/.
 */
export { drawDiagram, erDiagram, maximumLength, type Diagram, type DiagramInput } from './mermaid/er-diagram.ts';
export { diagrams, overviewDiagram, withNeighbours } from './mermaid/diagrams.ts';
