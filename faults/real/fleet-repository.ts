import { dump } from 'js-yaml';
import type { GitRepository, Change } from '../../test/support/git-server.js';
import { applicationDocument, CHILDREN_PATH } from '../documents/fleet-documents.js';
import type { Wishes } from '../model/reference.js';

type Pushed = Pick<Wishes, 'files' | 'children'>;

/** The repository that hubs read, with what is wrong with its content. */
export class FleetRepository {
  private pushed: Pushed = { files: new Map(), children: new Map() };
  private there: ReadonlyMap<string, string> = new Map();
  private showsNothing = false;

  constructor(
    private readonly repository: GitRepository,
    /** As hubs reach it. */
    readonly url: string,
  ) {}

  async push(wishes: Pushed): Promise<void> {
    this.pushed = wishes;
    await this.commit();
  }

  /** Everything is gone from the branch, or there again. */
  async becomeEmpty(isEmpty: boolean): Promise<void> {
    if (this.showsNothing === isEmpty) return;
    this.showsNothing = isEmpty;
    await this.commit();
  }

  private async commit(): Promise<void> {
    const wanted = this.showsNothing ? new Map<string, string>() : this.content();
    const changes: Record<string, Change> = {};
    for (const path of this.there.keys()) if (!wanted.has(path)) changes[path] = null;
    for (const [path, text] of wanted) if (this.there.get(path) !== text) changes[path] = text;
    await this.repository.commit(changes);
    this.there = wanted;
  }

  private content(): Map<string, string> {
    const { files, children } = this.pushed;
    const content = new Map([[`${CHILDREN_PATH}/README.md`, 'Applications of the fleet\n']]);
    for (const [directory, objects] of files)
      for (const [name, value] of objects) content.set(`apps/${directory}/${name}.yaml`, configMap(name, value));
    for (const [name, spec] of children)
      content.set(`${CHILDREN_PATH}/${name}.yaml`, dump(applicationDocument(name, spec, this.url).object));
    return content;
  }
}

function configMap(name: string, value: string): string {
  return dump({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } });
}
