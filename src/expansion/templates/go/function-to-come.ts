/** A function that Argo CD has and we do not yet: the whole text is refused rather than rendered in part. */
export class FunctionToCome extends Error {
  constructor(readonly functionName: string) {
    super(`the template function ${functionName} is not supported yet`);
    this.name = 'FunctionToCome';
  }
}
