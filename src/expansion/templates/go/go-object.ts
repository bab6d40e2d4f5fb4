import { GoTyped } from '../../go-format.js';
import type { GoFunction } from './function.js';

/** A Go value with methods that a template may call, and no fields. */
export abstract class GoObject extends GoTyped {
  abstract method(name: string): GoFunction | undefined;
  /** As encoding/json writes it. */
  abstract toJson(): string;
}
