import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copiesOf, only, readDockerfile, type Stage } from './dockerfile.js';
import { CAN_MOUNT, SYSTEM_PATH as PATH } from './mounts.js';
import { Program } from './program.js';
import { ROOT } from './root.js';

const NODE = 'usr/local/bin/node';
/** What a kubelet does to a container of the charts: its root read-only, /tmp and /data its own, a user without rights. */
const BOX = `set -e
root=$1; shift
mount --bind "$root" "$root"
mount --bind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o size=64m,mode=1777 none "$root/tmp"
mount -t tmpfs -o size=400m,uid=65532,gid=65532 none "$root/data"
mount -o remount,ro,bind "$root"
exec chroot --userspec=65532:65532 "$root" "$@"
`;

/**
 * An image's file system, made of the tree as the Dockerfile says: the commands that fill a stage's folder are run as
 * they stand there, what npm would install is taken from node_modules, and each COPY of the last stage is carried out.
 */
export class ImageLayout {
  readonly root: string;
  private readonly stages: Stage[];
  private readonly last: Stage;

  constructor(dockerfile: string, folder: string) {
    this.root = join(folder, 'root');
    this.stages = readDockerfile(dockerfile);
    this.last = this.stages.at(-1) as Stage;
    mkdirSync(this.root, { recursive: true });
    for (const { from, sources, target } of copiesOf(this.last)) {
      for (const source of sources) this.place(this.sourceOf(from, source, folder), target);
    }
    for (const name of ['proc', 'dev', dirname(NODE)]) mkdirSync(join(this.root, name), { recursive: true });
    // Where the base image has it, whatever this machine does.
    if (!existsSync(join(this.root, NODE))) copyFileSync(process.execPath, join(this.root, NODE));
  }

  get entrypoint(): string[] {
    return JSON.parse(only(this.last, 'ENTRYPOINT') ?? '[]') as string[];
  }

  start(environment: Readonly<Record<string, string>>): Program {
    const [, ...args] = this.entrypoint;
    if (!CAN_MOUNT)
      return Program.run([process.execPath, ...args.map((each) => this.inApp(each))], { PATH, ...environment });
    const box = `${this.root}.sh`;
    writeFileSync(box, BOX);
    const env = { PATH, NODE_ENV: 'production', FLEETWRIGHT_DATA_DIR: '/data', ...environment };
    const inside = [`/${NODE}`, ...args.map((each) => (each.startsWith('dist/') ? `/app/${each}` : each))];
    return Program.run(['unshare', '-m', 'sh', box, this.root, ...inside], env);
  }

  private inApp(argument: string): string {
    return argument.startsWith('dist/') ? join(this.root, 'app', argument) : argument;
  }

  private place(source: string, target: string): void {
    const to = join(this.root, target);
    mkdirSync(target === '/' ? to : dirname(to), { recursive: true });
    hardlink(target === '/' ? `${source}/.` : source, to);
  }

  /** Where a stage's path lies on this machine. */
  private sourceOf(from: string | undefined, source: string, folder: string): string {
    if (from === undefined) return join(ROOT, source);
    if (source === '/app/node_modules') return productionPackages(join(folder, 'packages'));
    if (source.startsWith('/app/')) return join(ROOT, source.slice('/app/'.length));
    const made = join(folder, source);
    const stage = this.stages.find(({ name }) => name === from);
    const run = stage?.instructions.find(({ name, text }) => name === 'RUN' && text.includes(` ${source}`));
    if (run === undefined) throw new Error(`no command of stage ${from} makes ${source}`);
    execFileSync('sh', ['-c', run.text.replace(` ${source}`, ` ${made}`)], { cwd: ROOT });
    return made;
  }
}

/** What `npm ci` and `npm prune --omit=dev` leave, out of what is installed. */
function productionPackages(folder: string): string {
  const listed = spawnSync('npm', ['ls', '--all', '--parseable', '--omit=dev'], { cwd: ROOT, encoding: 'utf8' }).stdout;
  const packages = listed.split('\n').filter((line) => line.startsWith(`${ROOT}/node_modules/`));
  const outermost = packages.filter((each) => each.lastIndexOf('/node_modules/') === ROOT.length);
  for (const each of outermost) {
    const to = join(folder, each.slice(`${ROOT}/node_modules/`.length));
    mkdirSync(dirname(to), { recursive: true });
    hardlink(each, to);
  }
  return folder;
}

function hardlink(source: string, target: string): void {
  execFileSync('cp', ['-al', source, target]);
}

export function removeLayouts(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
