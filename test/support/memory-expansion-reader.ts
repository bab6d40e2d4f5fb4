import type { ClusterRecord, ExpansionReader, ReadFailure } from '../../src/expansion/reader.js';
import { fail, ok, type Result } from '../../src/kernel/result.js';

export type FileTree = Record<string, string>;

/** Clusters and Git trees held in memory; every revision of a repository is the same tree. */
export class MemoryExpansionReader implements ExpansionReader {
  /** Every question asked, in order. */
  readonly asked: string[] = [];

  constructor(
    private readonly inventory: readonly ClusterRecord[] = [],
    private readonly repositories: Record<string, FileTree> = {},
    private readonly failures: Record<string, ReadFailure> = {},
  ) {}

  clusters(): Promise<readonly ClusterRecord[]> {
    this.asked.push('clusters');
    return Promise.resolve(this.inventory);
  }

  gitDirectories(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>> {
    return this.read(`directories ${repoURL} ${revision}`, repoURL, (tree) => directoriesOf(tree));
  }

  gitFiles(repoURL: string, revision: string): Promise<Result<readonly string[], ReadFailure>> {
    return this.read(`files ${repoURL} ${revision}`, repoURL, (tree) => Object.keys(tree));
  }

  gitFile(repoURL: string, revision: string, path: string): Promise<Result<string, ReadFailure>> {
    return this.read(`file ${repoURL} ${revision} ${path}`, repoURL, (tree) => tree[path] ?? '');
  }

  private read<T>(question: string, repoURL: string, answer: (tree: FileTree) => T): Promise<Result<T, ReadFailure>> {
    this.asked.push(question);
    const failure = this.failures[repoURL];
    if (failure) return Promise.resolve(fail(failure));
    const tree = this.repositories[repoURL];
    if (!tree) return Promise.resolve(fail({ code: 'GIT_UNREACHABLE', message: `cannot reach ${repoURL}` }));
    return Promise.resolve(ok(answer(tree)));
  }
}

export function cluster(
  name: string,
  labels: Record<string, string> = {},
  more: Partial<ClusterRecord> = {},
): ClusterRecord {
  const server = `https://${name}.example.com`;
  return { name, server, project: '', labels, annotations: {}, ...more };
}

/** In the order of a walk: by segments, not by text. */
function directoriesOf(tree: FileTree): string[] {
  const directories = new Map<string, string[]>();
  for (const file of Object.keys(tree)) {
    const segments = file.split('/').slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth++) {
      const directory = segments.slice(0, depth);
      if (directory.some((segment) => segment.startsWith('.'))) break;
      directories.set(directory.join('/'), directory);
    }
  }
  return [...directories.entries()].sort((a, b) => bySegments(a[1], b[1])).map(([path]) => path);
}

function bySegments(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a = '', b = ''] = [left[index], right[index]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return left.length - right.length;
}
