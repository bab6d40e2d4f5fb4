import { Injectable } from '@nestjs/common';

/** Where the figures of rendering go; the API's /metrics implements it. */
export abstract class RenderMetrics {
  /** An input nobody had rendered before was: `types` names its kinds of source, such as `Directory+Helm`. */
  abstract inputRendered(types: string): void;
  /** One run of the programs that an input takes. */
  abstract renderTook(types: string, seconds: number): void;
  /** A bundle was found by its input and not rendered again. */
  abstract bundleShared(): void;
  /** An input gave something else when it was rendered again. */
  abstract renderVaried(): void;
  /** Nobody needed them any more. */
  abstract removed(what: 'bundle' | 'render', count: number): void;
}

@Injectable()
export class NoRenderMetrics extends RenderMetrics {
  inputRendered(): void {}
  renderTook(): void {}
  bundleShared(): void {}
  renderVaried(): void {}
  removed(): void {}
}
