/** A template that cannot be parsed; the engine turns it into an ExpansionFailure when the text is rendered. */
export class GoTemplateSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
    this.name = 'GoTemplateSyntaxError';
  }
}
