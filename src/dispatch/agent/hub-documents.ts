import { FleetError } from '../../kernel/errors.js';
import { settingsSchema, type DeliverySettings } from '../protocol/delivery.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import type { TargetNames } from './application-record.js';
import { projectDocumentSchema, type ProjectDocument } from './boundaries.js';
import type { MemberMemory } from './member-memory.js';

/** Settings and projects by digest. Projects are shared by many Applications and are kept in the member. */
export class HubDocuments {
  private readonly settings = new Map<string, DeliverySettings>();
  private readonly projects = new Map<string, ProjectDocument>();

  constructor(
    private readonly memory: MemberMemory,
    private readonly download: (collection: 'projects' | 'settings', digest: string) => Promise<unknown>,
    remembered: { settings: ReadonlyMap<string, DeliverySettings>; projects: ReadonlyMap<string, unknown> },
  ) {
    for (const [digest, settings] of remembered.settings) this.settings.set(digest, settings);
    for (const [digest, project] of remembered.projects) this.projects.set(digest, projectOf(project));
  }

  async settingsOf({ settingsDigest }: TargetNames): Promise<DeliverySettings> {
    const digest = named(settingsDigest, 'settings');
    const known = this.settings.get(digest);
    if (known) return known;
    const settings = settingsSchema.parse(await this.download('settings', digest));
    this.settings.set(digest, settings);
    return settings;
  }

  async projectOf({ projectDigest }: TargetNames): Promise<ProjectDocument> {
    const digest = named(projectDigest, 'project');
    const known = this.projects.get(digest);
    if (known) return known;
    const project = projectOf(await this.download('projects', digest));
    await this.memory.saveProject(digest, project);
    this.projects.set(digest, project);
    return project;
  }

  /** Drops what nothing names any more. */
  async keepOnly(names: readonly TargetNames[]): Promise<void> {
    const settings = new Set(names.map(({ settingsDigest }) => settingsDigest));
    const projects = new Set(names.map(({ projectDigest }) => projectDigest));
    for (const digest of this.settings.keys()) if (!settings.has(digest)) this.settings.delete(digest);
    for (const digest of this.projects.keys()) {
      if (projects.has(digest)) continue;
      await this.memory.forgetProject(digest);
      this.projects.delete(digest);
    }
  }
}

/** The hub has checked the spec's shape; here only its lists are read, and what is not a list permits nothing. */
function projectOf(document: unknown): ProjectDocument {
  const { name, spec } = projectDocumentSchema.parse(document);
  return { name, spec: spec as AppProjectSpec };
}

function named(digest: string | null, what: string): string {
  if (digest !== null) return digest;
  throw new FleetError('invalid', 'DELIVERY_INCOMPLETE', `the delivery names no ${what}`);
}
