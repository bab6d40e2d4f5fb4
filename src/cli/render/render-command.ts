import { canonicalJson } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { toYaml } from '../../kubernetes/yaml.js';
import { DirectoryRenderer } from '../../rendering/directory/directory-renderer.js';
import { HelmRenderer } from '../../rendering/helm/helm-renderer.js';
import { KustomizeRenderer } from '../../rendering/kustomize/kustomize-renderer.js';
import type { SourceReaders } from '../../rendering/prepare-sources.js';
import { RenderPool } from '../../rendering/tools/render-pool.js';
import { Tools } from '../../rendering/tools/tools.js';
import { EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { LocalCheckouts } from '../local/local-checkouts.js';
import { LocalRepositories } from '../local/local-repositories.js';
import type { Output } from '../output.js';
import { readInput } from '../read-input.js';
import { readApplications } from './given-applications.js';
import { renderApplication } from './render-application.js';
import { DEFAULT_KUBE_VERSION, readRenderOptions, type RenderOptions, type RenderOutput } from './render-options.js';

const HELP = `Usage: fleetwright render -f FILE... [--git URL=PATH]... [-o yaml|json]

Prints what Applications would send to their clusters, with no hub, no database and no network.

  -f, --file FILE         Applications; YAML or JSON, one document, many, or a List; a directory stands for the
                          files in it, - for standard input
      --git URL=PATH      PATH stands for every revision of the repository: a working tree as it is on disk, a
                          bare repository's HEAD, or a plain directory; of a Helm repository or OCI registry a
                          folder with index.yaml, CHART-VERSION.tgz, or CHART/Chart.yaml for every version
      --kube-version V    the Kubernetes version that charts see; ${DEFAULT_KUBE_VERSION} unless given
      --api-versions A    an API that charts see beside those Helm knows, as example.com/v1 or
                          example.com/v1/Kind; may be repeated
      --raw               as the source's tool prints it: no namespace, no tracking annotation, no order of a sync
  -o, --output FORMAT     yaml (default) or json, a v1 List

Objects come in the order of a sync, hooks included; values of Secrets are masked. An Application that cannot be
rendered has an error and no objects, and does not stop the others. Exit code 0: all is well; 1: errors; 2: wrong
usage. HELM_BINARY and KUBECTL_BINARY name other programs than the bundled ones.

Example: fleetwright render -f app.yaml --git https://git.example.com/team/apps.git=.
`;

export const renderCommand: Command = {
  name: 'render',
  summary: 'print the objects of Applications, offline',
  help: HELP,
  run: render,
};

async function render(words: readonly string[], { stdin, stdout, stderr, tools }: Terminal): Promise<ExitCode> {
  const options = readRenderOptions(words);
  const { applications, faults, warnings } = readApplications(await readInput(options.files, stdin));
  const lines = [...faults.map((fault) => `error: ${fault}`), ...warnings.map((warning) => `warning: ${warning}`)];
  const objects: KubernetesObject[] = [];
  let isComplete = faults.length === 0;
  const { kubeVersion, apiVersions, raw } = options;
  const sources = sourceReaders(options, new Tools(tools));
  for (const application of applications) {
    const rendered = await renderApplication(application, { sources, cluster: { kubeVersion, apiVersions }, raw });
    const said = `Application ${application.name}`;
    if (rendered.ok) {
      objects.push(...rendered.value.objects);
      lines.push(...rendered.value.warnings.map((warning) => `warning: ${said}: ${warning}`));
      continue;
    }
    isComplete = false;
    lines.push(`error: ${said}: ${rendered.error.message} (${rendered.error.code})`);
  }
  await print(objects, options.output, stdout);
  await stderr.write(lines.map((line) => `${line.replace(/\p{Cc}/gu, ' ')}\n`).join(''));
  return isComplete ? EXIT.ok : EXIT.failed;
}

function sourceReaders({ repositories }: RenderOptions, tools: Tools): SourceReaders {
  const checkouts = new LocalCheckouts(new LocalRepositories(repositories));
  const pool = new RenderPool();
  const renderers = [
    new DirectoryRenderer(),
    new KustomizeRenderer(tools, pool),
    new HelmRenderer({ tools, pool, checkouts }),
  ];
  return { checkouts, renderers };
}

async function print(objects: readonly KubernetesObject[], format: RenderOutput, stdout: Output): Promise<void> {
  if (format === 'json') {
    await stdout.write(`${canonicalJson({ apiVersion: 'v1', kind: 'List', items: objects })}\n`);
    return;
  }
  for (const object of objects) {
    if (stdout.isClosed) return;
    await stdout.write(`---\n${toYaml(object)}`);
  }
}
