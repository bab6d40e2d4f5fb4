/** A template that failed while it ran. */
export class GoExecutionError extends Error {
  constructor(
    message: string,
    /** A parameter is missing: a matrix's `values` then wait for the child's own parameters (2.4). */
    readonly isMissingKey = false,
    readonly code = 'TEMPLATE_EXECUTION',
  ) {
    super(message);
    this.name = 'GoExecutionError';
  }
}
