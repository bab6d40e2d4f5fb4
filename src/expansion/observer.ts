import type { Parameters } from './parameters.js';
import type { TemplateLine } from './templates/template-lines.js';

/** Looks on while a set is expanded, to explain it; an expansion that nobody looks at keeps nothing for it. */
export interface ExpansionObserver {
  /** A generator is about to run; its block is filled in by whatever stands before it. */
  generates(generator: { key: string; path: string; spec: Record<string, unknown> }): void;
  /** A document was made. */
  rendered(document: unknown, from: RenderedFrom): void;
}

export interface RenderedFrom {
  /** Such as `spec.generators[0].matrix`. */
  generator: string;
  parameters: Parameters;
  /** The template's texts that hold a tag, with what each became. */
  lines(): TemplateLine[];
  /** The document as it was before finalizers and patch. */
  unpatched(): unknown;
}
