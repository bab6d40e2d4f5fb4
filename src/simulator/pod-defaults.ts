import { eachItem, fillIn, list, present, record, withQuantities, type Fields } from './fill-in.js';

/** A pod's spec as the API server completes it. */
export function withPodDefaults(spec: Fields): Fields {
  const { containers, initContainers, volumes, serviceAccount } = spec;
  const serviceAccountName = spec.serviceAccountName ?? serviceAccount;
  const filled: Fields = {
    ...spec,
    ...present('containers', eachItem(containers, withContainerDefaults)),
    ...present('initContainers', eachItem(initContainers, withContainerDefaults)),
    ...present('volumes', eachItem(volumes, withVolumeDefaults)),
    ...present('serviceAccountName', serviceAccountName),
    ...present('serviceAccount', serviceAccountName),
  };
  return fillIn(filled, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
}

/** What a pod itself gets beyond what its template would: limits stand for requests that were not said. */
export function withBarePodDefaults(spec: Fields): Fields {
  const requesting = (container: Fields): Fields => {
    const { limits, requests } = record(container.resources);
    if (limits === undefined) return container;
    return { ...container, resources: { limits, requests: fillIn(record(requests), record(limits)) } };
  };
  const filled = {
    ...spec,
    ...present('containers', eachItem(spec.containers, requesting)),
    ...present('initContainers', eachItem(spec.initContainers, requesting)),
  };
  return fillIn(filled, { enableServiceLinks: true });
}

/** What admission adds to every new pod: its priority, and how long it stays on a node that fails. */
export function withAdmittedPod(spec: Fields): Fields {
  const given = list(spec.tolerations).map(record);
  const tolerations = UNTIL_EVICTED.filter((wanted) => !given.some((known) => tolerates(known, wanted)));
  const filled = fillIn(spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  return { ...filled, tolerations: [...given, ...tolerations] };
}

const UNTIL_EVICTED: readonly Fields[] = ['not-ready', 'unreachable'].map((why) => ({
  key: `node.kubernetes.io/${why}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function tolerates({ key, effect }: Fields, wanted: Fields): boolean {
  return (key === undefined || key === wanted.key) && (effect === undefined || effect === wanted.effect);
}

/** How a node treats a pod when memory runs out, by what its containers request and may use. */
export function qosClassOf(spec: Fields): string {
  const containers = [...list(spec.containers), ...list(spec.initContainers)].map(record);
  const amounts = containers.map(({ resources }) => {
    const { requests, limits } = record(resources);
    return { requests: record(requests), limits: record(limits) };
  });
  const isNothing = amounts.every(({ requests, limits }) => Object.keys({ ...requests, ...limits }).length === 0);
  if (isNothing) return 'BestEffort';
  const isBounded = amounts.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && requests[name] === limits[name]),
  );
  return isBounded ? 'Guaranteed' : 'Burstable';
}

function withContainerDefaults(container: Fields): Fields {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) =>
    container[name] === undefined ? [] : [[name, withProbeDefaults(record(container[name]))] as const],
  );
  const ports = eachItem(container.ports, (port) => fillIn(port, { protocol: 'TCP' }));
  const env = eachItem(container.env, withEnvDefaults);
  const resources = withQuantities(record(container.resources), ['requests', 'limits']);
  return fillIn(
    { ...container, ...present('ports', ports), ...present('env', env), resources, ...Object.fromEntries(probes) },
    {
      imagePullPolicy: pullPolicy(String(container.image ?? '')),
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    },
  );
}

/** Always for `latest`, named or implied. */
function pullPolicy(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  const isLatest = !last.includes('@') && (!last.includes(':') || last.endsWith(':latest'));
  return isLatest ? 'Always' : 'IfNotPresent';
}

function withProbeDefaults(probe: Fields): Fields {
  const httpGet =
    probe.httpGet === undefined ? undefined : fillIn(record(probe.httpGet), { path: '/', scheme: 'HTTP' });
  const grpc = probe.grpc === undefined ? undefined : fillIn(record(probe.grpc), { service: '' });
  return fillIn(
    { ...probe, ...present('httpGet', httpGet), ...present('grpc', grpc) },
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  );
}

function withEnvDefaults(variable: Fields): Fields {
  const from = record(variable.valueFrom);
  if (from.fieldRef === undefined) return variable;
  return { ...variable, valueFrom: withFieldVersion(from) };
}

function withFieldVersion(from: Fields): Fields {
  if (from.fieldRef === undefined) return from;
  return { ...from, fieldRef: fillIn(record(from.fieldRef), { apiVersion: 'v1' }) };
}

function withVolumeDefaults(volume: Fields): Fields {
  const filled = { ...volume };
  for (const name of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    if (volume[name] !== undefined) filled[name] = fillIn(record(volume[name]), { defaultMode: 420 });
  }
  if (volume.downwardAPI !== undefined) filled.downwardAPI = withItems(record(filled.downwardAPI));
  if (volume.projected !== undefined) filled.projected = withSources(record(filled.projected));
  if (volume.hostPath !== undefined) filled.hostPath = fillIn(record(volume.hostPath), { type: '' });
  if (volume.ephemeral !== undefined) filled.ephemeral = withEphemeralClaim(record(volume.ephemeral));
  if (volume.emptyDir !== undefined) filled.emptyDir = withSizeLimit(record(volume.emptyDir));
  if (Object.keys(volume).length === 1) filled.emptyDir = {};
  return filled;
}

function withItems(source: Fields): Fields {
  return { ...source, ...present('items', eachItem(source.items, withFieldVersion)) };
}

function withSources(projected: Fields): Fields {
  const sources = eachItem(projected.sources, (source) => ({
    ...source,
    ...(source.downwardAPI === undefined ? {} : { downwardAPI: withItems(record(source.downwardAPI)) }),
    ...(source.serviceAccountToken === undefined
      ? {}
      : { serviceAccountToken: fillIn(record(source.serviceAccountToken), { expirationSeconds: 3600 }) }),
  }));
  return { ...projected, ...present('sources', sources) };
}

function withEphemeralClaim(ephemeral: Fields): Fields {
  const template = record(ephemeral.volumeClaimTemplate);
  const spec = record(template.spec);
  const resources = withQuantities(record(spec.resources), ['requests', 'limits']);
  const filled = fillIn({ ...spec, resources }, { volumeMode: 'Filesystem' });
  return { ...ephemeral, volumeClaimTemplate: { ...template, spec: filled } };
}

function withSizeLimit(emptyDir: Fields): Fields {
  const { sizeLimit } = withQuantities({ all: emptyDir }, ['all']).all as Fields;
  return sizeLimit === undefined ? emptyDir : { ...emptyDir, sizeLimit };
}
