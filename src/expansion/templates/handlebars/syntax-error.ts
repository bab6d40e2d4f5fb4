/** A template that cannot be compiled. */
export class HandlebarsSyntaxError extends Error {
  constructor(message: string, at?: hbs.AST.SourceLocation) {
    super(at === undefined ? message : `${message} (line ${at.start.line}, column ${at.start.column + 1})`);
    this.name = 'HandlebarsSyntaxError';
  }
}
