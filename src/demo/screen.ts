import { FleetError, messageOf } from '../kernel/errors.js';

/** Where the demo writes; process.stdout is one. */
export interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
}

const BAR_WIDTH = 30;
const ERASE_LINE = '\r\u001b[2K';

/** What the newcomer sees. A line that is still moving is redrawn on a terminal; elsewhere only finished lines appear. */
export class Screen {
  private moving = '';
  private lastDone = -Infinity;

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {}

  line(text = ''): void {
    this.erase();
    this.terminal.write(`${text}\n`);
    this.redraw();
  }

  lines(texts: readonly string[], indent = '  '): void {
    for (const text of texts) this.line(text === '' ? '' : `${indent}${text}`);
  }

  /** Does the work and tells by ✓ or ✗ how it went and how long it took, with what `tell` makes of the result. */
  async step<T>(title: string, work: () => Promise<T>, tell: (result: T) => string = () => ''): Promise<T> {
    const started = this.now();
    this.move(`  … ${title}`);
    try {
      const result = await work();
      const said = tell(result);
      this.settle(`  ✓ ${title}${said && `: ${said}`}  (${this.since(started)})`);
      return result;
    } catch (error) {
      this.settle(`  ${isInterruption(error) ? '–' : '✗'} ${title}  (${this.since(started)})`);
      throw error;
    }
  }

  /** A bar that fills up; without a terminal a line for each tenth more. */
  progress(title: string, done: number, total: number): void {
    const share = total === 0 ? 0 : done / total;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `  ${title} [${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] ${done}/${total}`;
    if (this.terminal.isTTY === true) return this.move(bar);
    const isWorthALine = done !== this.lastDone && (done === total || done - this.lastDone >= total / 10);
    if (!isWorthALine) return;
    this.lastDone = done;
    this.terminal.write(`${bar}\n`);
  }

  failure(error: unknown): void {
    const hint = error instanceof FleetError ? error.details.hint : undefined;
    const faults = error instanceof FleetError ? (error.details.faults ?? []) : [];
    const texts = [
      ...messageOf(error).split('\n'),
      ...faults.map(({ path, message }) => `${path}: ${message}`),
      ...(hint?.split('\n') ?? []),
    ];
    this.lines(texts, '    ');
  }

  private since(started: number): string {
    return `${((this.now() - started) / 1000).toFixed(1)} s`;
  }

  private move(text: string): void {
    this.erase();
    this.moving = text;
    this.redraw();
  }

  private settle(text: string): void {
    this.erase();
    this.moving = '';
    this.terminal.write(`${text}\n`);
  }

  private erase(): void {
    if (this.moving !== '' && this.terminal.isTTY === true) this.terminal.write(ERASE_LINE);
  }

  private redraw(): void {
    if (this.moving !== '' && this.terminal.isTTY === true) this.terminal.write(this.moving);
  }
}

/** Somebody stopped the demo: nothing failed. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
