/** What a watch stream is woken for: rows may have come, nothing did for a while, or it shall end. */
export type Wake = 'rows' | 'quiet' | 'ended';

/** One agent's open watch stream in this replica. */
export class AgentConnection {
  /** Why it ended, once it has. */
  farewell: string | undefined;
  /** Resolves when its stream is over, told or cut off. */
  readonly closed: Promise<void>;
  private hasRows = false;
  private settle: () => void = () => undefined;
  private resume: (() => void) | undefined;

  constructor(
    readonly clusterUid: string,
    readonly session: string,
  ) {
    this.closed = new Promise((resolve) => (this.settle = resolve));
  }

  /** There may be rows; told while it is busy, it looks again afterwards. */
  wake(): void {
    this.hasRows = true;
    this.resume?.();
  }

  end(reason: string): void {
    this.farewell ??= reason;
    this.resume?.();
  }

  close(): void {
    this.end('closed');
    this.settle();
  }

  async next(quietMs: number): Promise<Wake> {
    if (!this.hasRows && this.farewell === undefined) await this.pause(quietMs);
    if (this.farewell !== undefined) return 'ended';
    if (!this.hasRows) return 'quiet';
    this.hasRows = false;
    return 'rows';
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.resume = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.resume = done;
    });
  }
}
