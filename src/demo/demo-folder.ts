import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FolderClaim } from '../config/folder-claim.js';
import { stopOrphan } from '../database/embedded/data-folder.js';
import { POSTGRES_MAJOR } from '../database/embedded/postgres-binaries.js';
import { conflict } from '../kernel/errors.js';

/** Tells a folder of ours from one that merely bears the name. */
const MARKER = '.fleetwright-demo';
const CONTENT = ['hub', 'git', 'agents', 'hub.log'] as const;
type Content = (typeof CONTENT)[number];

/** The files of one run. */
export class DemoFolder {
  private constructor(
    readonly path: string,
    /** Whether an earlier run's files were there, and are gone now. */
    readonly startedOver: boolean,
    private readonly claim?: FolderClaim,
  ) {}

  static async temporary(): Promise<DemoFolder> {
    return new DemoFolder(await prepared(await mkdtemp(join(tmpdir(), 'fleetwright-demo-'))), false);
  }

  /**
   * An empty folder at the path. What an earlier run left there is removed: its clusters lived in memory, so nothing of it
   * could go on. Throws FOLDER_NOT_OURS for a folder with other things in it, DATA_FOLDER_IN_USE while a demo runs there.
   */
  static async startOver(path: string): Promise<DemoFolder> {
    const folder = resolve(path);
    await mkdir(folder, { recursive: true });
    const present = await readdir(folder);
    if (present.length > 0 && !present.includes(MARKER)) {
      throw conflict(
        'FOLDER_NOT_OURS',
        `${folder} holds files that no demo made`,
        'Give --data an empty or a new folder.',
      );
    }
    const claim = await FolderClaim.take(folder);
    await stopOrphan(join(folder, 'hub', `pg${POSTGRES_MAJOR}`));
    for (const name of CONTENT) await rm(join(folder, name), { recursive: true, force: true });
    return new DemoFolder(await prepared(folder), present.includes('hub'), claim);
  }

  pathOf(content: Content): string {
    return join(this.path, content);
  }

  /** The files stay, for whoever looks at them or starts over. */
  leave(): void {
    this.claim?.release();
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** Postgres, which never runs as root, must be able to reach its folder in it. */
async function prepared(folder: string): Promise<string> {
  await chmod(folder, 0o711);
  await writeFile(join(folder, MARKER), 'made by npm run demo, which removes what is in here when it starts over\n');
  return folder;
}
