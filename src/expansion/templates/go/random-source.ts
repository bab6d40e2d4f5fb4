import { hexDigest } from '../../../kernel/digest.js';

/** Random values that depend on nothing but the seed and the calls before. */
export class RandomSource {
  private block = 0;
  private unused: number[] = [];

  constructor(private readonly seed: string) {}

  bytes(count: number): number[] {
    return Array.from({ length: count }, () => this.byte());
  }

  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number {
    const value = this.bytes(6).reduce((sum, byte) => sum * 256 + byte, 0);
    return value % limit;
  }

  private byte(): number {
    if (this.unused.length === 0) this.refill();
    return this.unused.pop() ?? 0;
  }

  private refill(): void {
    this.block += 1;
    const digits = hexDigest('sha512', `${this.seed}\n${this.block}`);
    this.unused = (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  }
}
