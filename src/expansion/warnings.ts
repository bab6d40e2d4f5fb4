/** Warnings of one expansion: each said once, at most so many. */
export class Warnings {
  private readonly said = new Set<string>();
  private unsaid = 0;

  constructor(private readonly limit: number) {}

  add(warning: string): void {
    if (this.said.has(warning)) return;
    if (this.said.size < this.limit) this.said.add(warning);
    else this.unsaid += 1;
  }

  list(): string[] {
    const more = this.unsaid === 0 ? [] : [`${this.unsaid} more warnings are not shown`];
    return [...this.said, ...more];
  }
}
