import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from '../kernel/errors.js';

const FILE = 'owner';
const BEAT_MS = 2_000;
/** An owner that is slow or was frozen for a moment lives on. */
const BEATS_WAITED = 5;

export interface ClaimOptions {
  /** The last owner ran elsewhere and may live: it is waited for. */
  onWait?: () => void;
  /** Another process took the folder over: this one was frozen for long, or somebody removed the file. */
  onLost?: () => void;
  beatMs?: number;
  /** The container or machine that this process runs in. */
  place?: string;
}

/**
 * A folder that one process at a time may use: its database, mirrors and keys stand no second one. The file `owner` names
 * the process. One of the same machine and container is looked up; one from elsewhere (a volume that two containers
 * mount) cannot be, so owners write a beat into the file, and a file that goes on changing has one that lives.
 */
export class FolderClaim {
  private beats = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly leave = (): void => this.release();

  private constructor(
    private readonly file: string,
    private readonly identity: string,
    private readonly options: ClaimOptions,
  ) {}

  /** Throws DATA_FOLDER_IN_USE while another process holds it. */
  static async take(folder: string, options: ClaimOptions = {}): Promise<FolderClaim> {
    const { place = placeOf(), beatMs = BEAT_MS } = options;
    const file = path.join(path.resolve(folder), FILE);
    await refuseInUse(file, { ...options, place, beatMs });
    const nonce = randomBytes(8).toString('hex');
    const claim = new FolderClaim(file, `${processOf(process.pid) ?? `${process.pid} -`} ${place} ${nonce}`, options);
    claim.write('wx');
    claim.timer = setInterval(() => claim.beat(), beatMs).unref();
    process.once('exit', claim.leave);
    return claim;
  }

  /** Leaves the folder to whoever comes next. */
  release(): void {
    clearInterval(this.timer);
    process.off('exit', this.leave);
    if (this.isOurs()) rmSync(this.file, { force: true });
  }

  private beat(): void {
    try {
      if (!this.isOurs()) return this.lose();
      this.write('r+');
    } catch {
      // A disk that is full or away for a moment: whoever waits for a beat then waits for the next one.
    }
  }

  private lose(): void {
    clearInterval(this.timer);
    this.options.onLost?.();
  }

  private isOurs(): boolean {
    return contentOf(this.file).startsWith(this.identity);
  }

  /** As long as before, so that a full disk has room for it. */
  private write(flag: 'wx' | 'r+'): void {
    this.beats += 1;
    try {
      writeFileSync(this.file, `${this.identity} ${String(this.beats).padStart(12, '0')}`, { flag });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(this.file, contentOf(this.file));
      throw error;
    }
  }
}

type Looking = Required<Pick<ClaimOptions, 'place' | 'beatMs'>> & ClaimOptions;

/** Returns when nobody holds the folder, with the file of a dead owner removed. */
async function refuseInUse(file: string, looking: Looking): Promise<void> {
  const owner = contentOf(file);
  if (owner === '' && !existsSync(file)) return;
  const [pid = '', started = '', place = looking.place] = owner.split(' ');
  const isHere = place === looking.place && place !== '';
  const lives = isHere ? processOf(Number(pid)) === `${pid} ${started}` : await beats(file, owner, looking);
  if (lives || contentOf(file) !== owner) throw inUse(file, owner);
  rmSync(file, { force: true });
}

async function beats(file: string, before: string, { beatMs, onWait }: Looking): Promise<boolean> {
  onWait?.();
  for (let waited = 0; waited < BEATS_WAITED; waited += 1) {
    await sleep(beatMs);
    if (contentOf(file) !== before) return true;
  }
  return false;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** pid with the kernel's start time of it, so that a recycled pid is not taken for the owner. */
function processOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

/** This boot of this machine, and the pid namespace in it, within which a pid names a process; '' where unknown. */
function placeOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

function inUse(file: string, owner: string): FleetError {
  const [pid = '', started = ''] = owner.split(' ');
  const isHere = pid !== '' && processOf(Number(pid)) === `${pid} ${started}`;
  const who = isHere ? `process ${pid}` : 'a process in another container or on another machine';
  const message = `data folder ${path.dirname(file)} is in use by ${who}`;
  return new FleetError('conflict', 'DATA_FOLDER_IN_USE', message, {
    hint: 'Stop that process or choose another FLEETWRIGHT_DATA_DIR: replicas share a database (DATABASE_URL), never a folder.',
  });
}
