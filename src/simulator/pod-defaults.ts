import { eachItem, fillIn, record, withQuantities, type Fields } from './fill-in.js';

/** A pod's spec as the API server completes it. */
export function withPodDefaults(spec: Fields): Fields {
  const { containers, initContainers, volumes, serviceAccountName } = spec;
  const filled: Fields = {
    ...spec,
    ...present('containers', eachItem(containers, withContainerDefaults)),
    ...present('initContainers', eachItem(initContainers, withContainerDefaults)),
    ...present('volumes', eachItem(volumes, withVolumeDefaults)),
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

function present(name: string, value: unknown): Fields {
  return value === undefined ? {} : { [name]: value };
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
  return fillIn(
    { ...probe, ...present('httpGet', httpGet) },
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  );
}

function withEnvDefaults(variable: Fields): Fields {
  const from = record(variable.valueFrom);
  if (from.fieldRef === undefined) return variable;
  return { ...variable, valueFrom: { ...from, fieldRef: fillIn(record(from.fieldRef), { apiVersion: 'v1' }) } };
}

function withVolumeDefaults(volume: Fields): Fields {
  const filled = { ...volume };
  for (const name of ['configMap', 'secret', 'projected']) {
    if (volume[name] !== undefined) filled[name] = fillIn(record(volume[name]), { defaultMode: 420 });
  }
  if (volume.emptyDir !== undefined) filled.emptyDir = withSizeLimit(record(volume.emptyDir));
  if (Object.keys(volume).length === 1) filled.emptyDir = {};
  return filled;
}

function withSizeLimit(emptyDir: Fields): Fields {
  const { sizeLimit } = withQuantities({ all: emptyDir }, ['all']).all as Fields;
  return sizeLimit === undefined ? emptyDir : { ...emptyDir, sizeLimit };
}
