/** A question that cannot be answered: malformed, or not supported yet. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}
