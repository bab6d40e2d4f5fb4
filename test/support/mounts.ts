import { spawnSync } from 'node:child_process';

export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Whether this process may give a program disks of its own; specs that need them are skipped by name otherwise. */
export const CAN_MOUNT =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt && command -v chroot'], {
    env: { PATH: SYSTEM_PATH },
  }).status === 0;

/** A command line that sees a disk of its own, which nobody else sees, at a folder. */
export function withDisk(folder: string, options: string, command: readonly string[]): string[] {
  const script = 'mount -t tmpfs -o "$1" none "$0" && shift && exec "$@"';
  return ['unshare', '-m', 'sh', '-c', script, folder, options, ...command];
}

/** A path as the process behind `withDisk` sees it. */
export function insideDisk(pid: number, path: string): string {
  return `/proc/${pid}/root${path}`;
}
