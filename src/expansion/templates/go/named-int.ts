import { Int64 } from './values.js';

/** An int of a type of its own that prints a name, such as time.Month. */
export class NamedInt extends Int64 {
  constructor(
    private readonly type: string,
    value: bigint,
    private readonly text: string,
  ) {
    super(value);
  }

  override get typeName(): string {
    return this.type;
  }

  override get kind(): string {
    return 'int';
  }

  override toString(): string {
    return this.text;
  }
}
