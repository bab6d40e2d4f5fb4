import { Reflector } from '@nestjs/core';
import type { Resource, Verb } from './access-object.js';

/** Who may call a route at all. The service behind it then decides about the object; a route that says nothing is closed. */
export type RouteAccessRule =
  | { kind: 'public' }
  /** A member cluster's signed assertion. */
  | { kind: 'agent' }
  /** The sender's proof, which the service behind the route checks over the body as it came. */
  | { kind: 'signature' }
  /** A join token in the body. */
  | { kind: 'join-token' }
  /** A person's or program's token; verb and resource name what the service asks the evaluator. */
  | { kind: 'user'; verb?: Verb; resource?: Resource | 'documents' };

export const RouteAccess = Reflector.createDecorator<RouteAccessRule>();
