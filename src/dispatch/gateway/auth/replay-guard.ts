/**
 * Remembers assertion ids for at least `windowMs`, so that none is taken twice. Two generations make forgetting cheap;
 * a full one refuses rather than forgets.
 */
export class ReplayGuard {
  private young = new Set<string>();
  private old = new Set<string>();
  private turnsAt = 0;

  constructor(
    private readonly windowMs: number,
    private readonly most: number,
  ) {}

  /** first: not seen before. repeated: refuse it. full: refuse it for now. */
  take(id: string, now: number): 'first' | 'repeated' | 'full' {
    this.turn(now);
    if (this.young.has(id) || this.old.has(id)) return 'repeated';
    if (this.young.size >= this.most) return 'full';
    this.young.add(id);
    return 'first';
  }

  private turn(now: number): void {
    if (now < this.turnsAt) return;
    const idle = now >= this.turnsAt + this.windowMs;
    this.old = idle ? new Set() : this.young;
    this.young = new Set();
    this.turnsAt = now + this.windowMs;
  }
}
