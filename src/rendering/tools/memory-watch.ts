import { readdir, readFile } from 'node:fs/promises';

const LOOK_EVERY_MS = 200;
const PAGE_BYTES = 4096;

/** Looks at the memory of a process and its children while it runs; where no /proc tells it, it sees nothing. */
export class MemoryWatch {
  isExceeded = false;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly mostBytes: number,
    /** Called once at most. */
    private readonly exceeded: () => void,
  ) {}

  start(pid: number): void {
    void this.look(pid);
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private async look(pid: number): Promise<void> {
    const bytes = await residentBytes(pid);
    if (this.isOver) return;
    if (bytes <= this.mostBytes) {
      this.timer = setTimeout(() => void this.look(pid), LOOK_EVERY_MS).unref();
      return;
    }
    this.isExceeded = true;
    this.exceeded();
  }
}

async function residentBytes(pid: number): Promise<number> {
  const [own, children] = await Promise.all([pagesOf(pid), childrenOf(pid)]);
  const pages = await Promise.all(children.map(pagesOf));
  return pages.reduce((sum, each) => sum + each, own) * PAGE_BYTES;
}

async function pagesOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0);
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
