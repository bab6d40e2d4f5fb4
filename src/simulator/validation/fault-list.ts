import { invalid, type FieldFault } from '../../kernel/errors.js';
import type { Target } from '../admission.js';

/** Faults of one object, in the words of the API server: `spec.ports: Required value`. */
export class FaultList {
  private readonly faults: FieldFault[] = [];

  add(path: string, message: string): void {
    this.faults.push({ path, message });
  }

  required(path: string, value: unknown, why = ''): void {
    const isMissing = value === undefined || value === null || value === '';
    if (isMissing) this.add(path, why === '' ? 'Required value' : `Required value: ${why}`);
  }

  oneOf(path: string, value: unknown, supported: readonly string[]): void {
    if (value === undefined || supported.includes(String(value))) return;
    const names = supported.map((name) => JSON.stringify(name)).join(', ');
    this.add(path, `Unsupported value: ${JSON.stringify(value)}: supported values: ${names}`);
  }

  /** Throws INVALID_OBJECT when there is any. */
  throwFor({ kind, name }: Pick<Target, 'kind' | 'name'>): void {
    if (this.faults.length === 0) return;
    const resource = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
    const lines = this.faults.map(({ path, message }) => `${path}: ${message}`);
    const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
    throw invalid('INVALID_OBJECT', `${resource} "${name}" is invalid: ${text}`, this.faults);
  }
}
