/** Bounds of one expansion. Documents and parameters are untrusted, so each growth is charged before it happens. */
export interface ExpansionLimits {
  /** Documents that one set may give. */
  results: number;
  /** Parameter sets made on the way, those that selectors and merges drop included. */
  parameterSets: number;
  /** Members of parameter sets and documents that are built for the whole set: what it holds in memory. */
  members: number;
  /** Characters that templates may produce for one document. */
  documentCharacters: number;
  /** Characters that templates may produce for the whole set. */
  characters: number;
  /** Steps that templates may take for one document: nobody else has a turn meanwhile. */
  documentSteps: number;
  /** Steps that generators and templates may take for the whole set. */
  steps: number;
  /** Nesting of a template or generator. */
  depth: number;
  /** Warnings kept; the rest are counted in one line. */
  warnings: number;
}

export const DEFAULT_LIMITS: ExpansionLimits = {
  results: 100_000,
  parameterSets: 1_000_000,
  members: 15_000_000,
  documentCharacters: 4_000_000,
  characters: 250_000_000,
  documentSteps: 250_000,
  steps: 100_000_000,
  depth: 100,
  warnings: 1_000,
};
