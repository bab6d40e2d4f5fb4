import { describe, expect, it } from 'vitest';
import { Screen } from '../../src/demo/screen.js';
import { FleetError, invalid } from '../../src/kernel/errors.js';

/** A terminal that keeps what was written, and a clock that a step moves. */
class Recorded {
  readonly written: string[] = [];
  readonly screen: Screen;
  time = 0;

  constructor(readonly isTTY: boolean) {
    this.screen = new Screen(this, () => this.time);
  }

  write(text: string): void {
    this.written.push(text);
  }

  get text(): string {
    return this.written.join('');
  }
}

describe('the screen', () => {
  it('tells what a step did, what it saw and how long it took', async () => {
    const terminal = new Recorded(false);
    const work = async (): Promise<number> => {
      terminal.time += 1_230;
      return 3;
    };
    expect(await terminal.screen.step('join', work, (count) => `${count} clusters`)).toBe(3);
    expect(terminal.text).toBe('  ✓ join: 3 clusters  (1.2 s)\n');
  });

  it('marks a step that failed and passes the error on', async () => {
    const terminal = new Recorded(false);
    const failing = terminal.screen.step('join', () => Promise.reject(new Error('refused')));
    await expect(failing).rejects.toThrow('refused');
    expect(terminal.text).toBe('  ✗ join  (0.0 s)\n');
  });

  it('does not call an interruption a failure', async () => {
    const terminal = new Recorded(false);
    const interrupted = terminal.screen.step('wait', async () => AbortSignal.abort().throwIfAborted());
    await expect(interrupted).rejects.toThrow('aborted');
    expect(terminal.text).toBe('  – wait  (0.0 s)\n');
  });

  it('writes a line for each tenth of the way where there is no terminal', () => {
    const { screen, written } = new Recorded(false);
    for (const done of [0, 1, 2, 10, 11, 12, 100, 100]) screen.progress('converging', done, 100);
    expect(written.map((line) => line.trim().split(' ').at(-1))).toEqual(['0/100', '10/100', '100/100']);
  });

  it('redraws one line on a terminal, and keeps it below what is printed meanwhile', () => {
    const terminal = new Recorded(true);
    terminal.screen.progress('converging', 1, 2);
    terminal.screen.line('news');
    const [bar, erased, news, again] = terminal.written;
    expect([erased, news]).toEqual(['\r\u001b[2K', 'news\n']);
    expect(again).toBe(bar);
    expect(bar).toContain(`${'█'.repeat(15)}${'░'.repeat(15)}] 1/2`);
  });

  it('shows each line of an error, its faults and what to do', () => {
    const terminal = new Recorded(false);
    terminal.screen.failure(invalid('X', 'one\ntwo', [{ path: 'spec.a', message: 'is missing' }]));
    terminal.screen.failure(new FleetError('conflict', 'Y', 'three', { hint: 'Do this.' }));
    expect(terminal.text.split('\n').map((line) => line.trim())).toEqual([
      'one',
      'two',
      'spec.a: is missing',
      'three',
      'Do this.',
      '',
    ]);
  });
});
