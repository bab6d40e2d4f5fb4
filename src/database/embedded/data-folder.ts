import fs from 'node:fs';
import path from 'node:path';
import { FleetError } from '../../kernel/errors.js';

/**
 * Throws DATA_FOLDER_VERSION where the folder's data is of another Postgres than ours, which could not read it: a new,
 * empty database beside it would look like the loss of everything.
 */
export function refuseOtherMajor(folder: string, major: number): void {
  const majors = fs
    .readdirSync(folder)
    .flatMap((name) => /^pg(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number);
  const other = Math.max(...majors.filter((each) => fs.existsSync(path.join(folder, `pg${each}`, 'PG_VERSION'))), 0);
  if (other === 0 || (majors.includes(major) && other <= major)) return;
  throw new FleetError(
    'precondition',
    'DATA_FOLDER_VERSION',
    `${folder} holds the data of Postgres ${other}, and this hub runs ${major}`,
    {
      hint:
        other > major
          ? 'Start the newer Fleetwright that made it, or choose another FLEETWRIGHT_DATA_DIR; nothing was changed.'
          : `Dump that database with the Fleetwright that made it and restore it here, or choose another FLEETWRIGHT_DATA_DIR.`,
    },
  );
}

/** Stops a server that outlived its hub (a hub killed with -9): two servers on one folder would ruin it. */
export async function stopOrphan(pgdata: string): Promise<void> {
  const pidFile = path.join(pgdata, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === undefined || !belongsTo(pid, pgdata)) return;
  process.kill(pid, 'SIGINT');
  for (let tries = 0; tries < 200 && belongsTo(pid, pgdata); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readPid(pidFile: string): number | undefined {
  if (!fs.existsSync(pidFile)) return undefined;
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

function belongsTo(pid: number, pgdata: string): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(pgdata);
  } catch {
    return false;
  }
}
