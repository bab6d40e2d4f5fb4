import type { ApplicationDestination, ApplicationSpec } from '../../applications/domain/application.js';
import { sourcesOf } from '../../applications/domain/application.js';
import { destinationForRules, resolveDestination } from '../../applications/domain/destination.js';
import type { ExpansionError, GeneratedApplication } from '../../expansion/expansion.js';
import type { ClusterRecord } from '../../expansion/reader.js';
import type { Verdict } from '../../kernel/verdict.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { permitsDestination, type Destination } from '../../projects/domain/permits-destination.js';
import { permitsSourceNamespace } from '../../projects/domain/permits-source-namespace.js';
import { permitsSource } from '../../projects/domain/permits-source.js';

const DEFAULT_PROJECT = 'default';
const ERRORS_SHOWN = 100;

export interface Judgement {
  errors: ExpansionError[];
  warnings: string[];
}

/** The AppProjects of the input. Without any, nothing is judged; `default` exists, and permits all, unless it is given. */
export class ProjectRules {
  constructor(
    private readonly projects: ReadonlyMap<string, AppProjectSpec>,
    private readonly fleet: readonly ClusterRecord[],
  ) {}

  /** Every Application that its project refuses. */
  judge(applications: readonly GeneratedApplication[]): Judgement {
    const judgement: Judgement = { errors: [], warnings: [] };
    if (this.projects.size === 0) return judgement;
    for (const application of applications) this.judgeOne(application, judgement);
    const [first] = judgement.errors;
    const more = judgement.errors.length - ERRORS_SHOWN;
    if (first === undefined || more <= 0) return judgement;
    const last = { ...first, message: `${more} more refusals are not shown` };
    return { ...judgement, errors: [...judgement.errors.slice(0, ERRORS_SHOWN), last] };
  }

  private judgeOne({ metadata, spec: fields }: GeneratedApplication, judgement: Judgement): void {
    const spec = fields as ApplicationSpec;
    const name = spec.project || DEFAULT_PROJECT;
    const project = this.projects.get(name);
    const refuse = (code: string, reason: string, field: string): void => {
      const message = `Application "${metadata.name}": project "${name}": ${reason}`;
      judgement.errors.push({ code, message, path: `spec.template.spec.${field}` });
    };
    if (project === undefined) {
      if (name !== DEFAULT_PROJECT) refuse('PROJECT_UNKNOWN', 'it is not among the AppProjects given', 'project');
      return;
    }
    const verdicts: [Verdict, string][] = [
      [permitsSourceNamespace(project, metadata.namespace), 'project'],
      ...repositoriesOf(spec).map(({ repoURL, field }): [Verdict, string] => [permitsSource(project, repoURL), field]),
    ];
    for (const [{ allowed, reason }, field] of verdicts) if (!allowed) refuse('NOT_PERMITTED', reason, field);
    const denied = this.denies(name, project, spec.destination);
    if (denied === undefined) return;
    if (denied.isCertain) refuse('NOT_PERMITTED', denied.reason, 'destination');
    else judgement.warnings.push(`Application "${metadata.name}": ${denied.reason}`);
  }

  /**
   * A destination is judged by both its server and its name, so one that is not in the input is refused only where its
   * other half could not change that. Whether it resolves at all is judged at plan.
   */
  private denies(
    name: string,
    project: AppProjectSpec,
    written: ApplicationDestination | undefined,
  ): { reason: string; isCertain: boolean } | undefined {
    const resolved = resolveDestination(written ?? {}, {
      byName: (wanted) => this.find((cluster) => cluster.name === wanted),
      byServer: (wanted) => this.find((cluster) => cluster.server.replace(/\/+$/, '') === wanted),
    });
    if (!resolved.ok && resolved.error.code !== 'DESTINATION_UNKNOWN') return undefined;
    const destination = resolved.ok ? destinationForRules(resolved.value) : asWritten(written ?? {});
    const own = this.fleet.filter((cluster) => cluster.project === name);
    const verdict = permitsDestination(project, destination, own);
    if (verdict.allowed) return undefined;
    if (resolved.ok || !namesOtherHalf(project, destination)) return { reason: verdict.reason, isCertain: true };
    const reason = `${verdict.reason}, as far as can be told: give the cluster's Secret to be sure`;
    return { reason, isCertain: false };
  }

  private find(isWanted: (cluster: ClusterRecord) => boolean) {
    const found = this.fleet.find(isWanted);
    return found && { uid: found.name, name: found.name, server: found.server };
  }
}

/** A hydrated Application reads two repositories, and then nothing else counts. Fields may be missing: it is judged later. */
function repositoriesOf(spec: ApplicationSpec): { repoURL: string; field: string }[] {
  const { drySource, syncSource } = spec.sourceHydrator ?? {};
  const list = spec.sources?.length ? 'sources' : 'source';
  const read = spec.sourceHydrator
    ? [
        { repoURL: drySource?.repoURL, field: 'sourceHydrator.drySource.repoURL' },
        { repoURL: syncSource?.repoURL || drySource?.repoURL, field: 'sourceHydrator.syncSource.repoURL' },
      ]
    : sourcesOf(spec).map(({ repoURL }) => ({ repoURL, field: `${list}.repoURL` }));
  return read.map(({ repoURL, field }) => ({ repoURL: repoURL ?? '', field }));
}

function asWritten({ server, name, namespace }: ApplicationDestination): Destination {
  return { server: server ?? '', name: name ?? '', namespace: namespace ?? '' };
}

function namesOtherHalf(project: AppProjectSpec, destination: Destination): boolean {
  if (project.permitOnlyProjectScopedClusters) return true;
  const other = destination.server === '' ? 'server' : 'name';
  return (project.destinations ?? []).some((entry) => (entry[other] ?? '') !== '');
}
