import type { KubernetesObject } from '../../src/kernel/object.js';
import { own } from '../../src/kernel/json.js';

interface PodSpec {
  automountServiceAccountToken?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type: string } };
  containers: Container[];
  volumes?: Record<string, unknown>[];
}

export interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  ports?: { name: string; containerPort: number }[];
  resources?: { requests?: object; limits?: object };
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    privileged?: boolean;
    readOnlyRootFilesystem?: boolean;
    runAsNonRoot?: boolean;
    capabilities?: { drop?: string[]; add?: string[] };
    seccompProfile?: { type: string };
  };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
}

interface Probe {
  httpGet?: { path: string; port: string; scheme?: string };
}

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export function podOf(workload: KubernetesObject): PodSpec {
  const { template } = workload['spec'] as { template: { spec: PodSpec } };
  return template.spec;
}

/** What breaks Kubernetes' restricted pod security standard, or this product's own rule of a read-only root. */
export function podFaults(workload: KubernetesObject): string[] {
  const pod = podOf(workload);
  const said = (what: string, isFault: boolean): string[] => (isFault ? [what] : []);
  return [
    ...said('host namespaces', pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true),
    ...said('pod may be root', pod.securityContext?.runAsNonRoot !== true || !(pod.securityContext.runAsUser ?? 0)),
    ...said('pod seccomp', pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault'),
    ...(pod.volumes ?? []).flatMap((volume) =>
      said(`volume ${String(volume['name'])}`, !VOLUMES.some((kind) => own(volume, kind) !== undefined)),
    ),
    ...pod.containers.flatMap(containerFaults),
  ];
}

function containerFaults({ name, securityContext: context, volumeMounts, resources, ...rest }: Container): string[] {
  const rules: [string, boolean][] = [
    ['escalates', context?.allowPrivilegeEscalation !== false || context.privileged === true],
    ['may be root', context?.runAsNonRoot !== true],
    ['capabilities', context?.capabilities?.drop?.includes('ALL') !== true || context.capabilities.add !== undefined],
    ['seccomp', context?.seccompProfile?.type !== 'RuntimeDefault'],
    ['writable root', context?.readOnlyRootFilesystem !== true],
    ['no room for temporary files', !volumeMounts?.some(({ mountPath }) => mountPath === '/tmp')],
    ['no bound on memory', resources?.limits === undefined || resources.requests === undefined],
    ['no probes', !rest.livenessProbe?.httpGet || !rest.readinessProbe?.httpGet || !rest.startupProbe?.httpGet],
  ];
  return rules.filter(([, isFault]) => isFault).map(([what]) => `${name}: ${what}`);
}
