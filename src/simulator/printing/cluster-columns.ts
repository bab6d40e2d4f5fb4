import type { KubernetesObject } from '../../kernel/object.js';
import { list, record } from '../fill-in.js';
import { AGE, CREATED, count, orNone, specOf, statusOf, text, wide, type Column } from './column.js';

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const sizeOf = (value: unknown): number => Object.keys(record(value)).length;
const modesText = (modes: unknown): string =>
  list(modes)
    .map((mode) => MODES[String(mode)] ?? String(mode))
    .join(',');
const roleText = ({ roleRef }: KubernetesObject): string =>
  `${String(record(roleRef).kind)}/${String(record(roleRef).name)}`;

function subjectsText({ subjects }: KubernetesObject, kind: string): string {
  const names = list(subjects)
    .map(record)
    .filter((subject) => subject.kind === kind);
  return names
    .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${String(namespace)}/${String(name)}` : String(name)))
    .join(', ');
}

const BINDING: readonly Column[] = [
  text('Role', roleText),
  AGE,
  ...['User', 'Group', 'ServiceAccount'].map((kind) => wide(text(`${kind}s`, (object) => subjectsText(object, kind)))),
];

function nodeState({ spec, status }: KubernetesObject): string {
  const ready = list(record(status).conditions)
    .map(record)
    .find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return record(spec).unschedulable === true ? `${word},SchedulingDisabled` : word;
}

function rolesText({ metadata }: KubernetesObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix));
  return (
    roles
      .map((label) => label.slice(prefix.length))
      .sort()
      .join(',') || '<none>'
  );
}

function addressText({ status }: KubernetesObject, type: string): string {
  const found = list(record(status).addresses)
    .map(record)
    .find((address) => address.type === type);
  return orNone(found?.address);
}

const infoText = (name: string, field: string): Column =>
  wide(text(name, (object) => String(record(statusOf(object).nodeInfo)[field] ?? '<unknown>')));

function budget(name: string, field: string): Column {
  return text(name, (object) => String(specOf(object)[field] ?? 'N/A'));
}

/** Columns of what surrounds workloads, after the name. */
export const CLUSTER_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  configmaps: [count('Data', ({ data, binaryData }) => sizeOf(data) + sizeOf(binaryData)), AGE],
  secrets: [text('Type', ({ type }) => String(type)), count('Data', ({ data }) => sizeOf(data)), AGE],
  serviceaccounts: [AGE],
  namespaces: [text('Status', (object) => orNone(statusOf(object).phase)), AGE],
  nodes: [
    text('Status', nodeState),
    text('Roles', rolesText),
    AGE,
    text('Version', (object) => orNone(record(statusOf(object).nodeInfo).kubeletVersion)),
    wide(text('Internal-IP', (object) => addressText(object, 'InternalIP'))),
    wide(text('External-IP', (object) => addressText(object, 'ExternalIP'))),
    infoText('OS-Image', 'osImage'),
    infoText('Kernel-Version', 'kernelVersion'),
    infoText('Container-Runtime', 'containerRuntimeVersion'),
  ],
  persistentvolumes: [
    text('Capacity', (object) => String(record(specOf(object).capacity).storage ?? '')),
    text('Access Modes', (object) => modesText(specOf(object).accessModes)),
    text('Reclaim Policy', (object) => String(specOf(object).persistentVolumeReclaimPolicy ?? '')),
    text('Status', (object) => String(statusOf(object).phase ?? '')),
    text('Claim', (object) => {
      const { namespace, name } = record(specOf(object).claimRef);
      return name === undefined ? '' : `${String(namespace)}/${String(name)}`;
    }),
    text('StorageClass', (object) => String(specOf(object).storageClassName ?? '')),
    text('VolumeAttributesClass', (object) => String(specOf(object).volumeAttributesClassName ?? '<unset>')),
    text('Reason', (object) => String(statusOf(object).reason ?? '')),
    AGE,
    wide(text('VolumeMode', (object) => String(specOf(object).volumeMode ?? '<unset>'))),
  ],
  persistentvolumeclaims: [
    text('Status', (object) => String(statusOf(object).phase ?? '')),
    text('Volume', (object) => String(specOf(object).volumeName ?? '')),
    text('Capacity', (object) => String(record(statusOf(object).capacity).storage ?? '')),
    text('Access Modes', (object) => modesText(statusOf(object).accessModes)),
    text('StorageClass', (object) => String(specOf(object).storageClassName ?? '')),
    text('VolumeAttributesClass', (object) => String(specOf(object).volumeAttributesClassName ?? '<unset>')),
    AGE,
    wide(text('VolumeMode', (object) => String(specOf(object).volumeMode ?? '<unset>'))),
  ],
  'rolebindings.rbac.authorization.k8s.io': BINDING,
  'clusterrolebindings.rbac.authorization.k8s.io': BINDING,
  'roles.rbac.authorization.k8s.io': [CREATED],
  'clusterroles.rbac.authorization.k8s.io': [CREATED],
  'customresourcedefinitions.apiextensions.k8s.io': [CREATED],
  limitranges: [CREATED],
  'poddisruptionbudgets.policy': [
    budget('Min Available', 'minAvailable'),
    budget('Max Unavailable', 'maxUnavailable'),
    count('Allowed Disruptions', (object) => statusOf(object).disruptionsAllowed),
    AGE,
  ],
  'leases.coordination.k8s.io': [text('Holder', (object) => String(specOf(object).holderIdentity ?? '')), AGE],
  'storageclasses.storage.k8s.io': [
    text('Provisioner', ({ provisioner }) => String(provisioner)),
    text('ReclaimPolicy', ({ reclaimPolicy }) => String(reclaimPolicy ?? 'Delete')),
    text('VolumeBindingMode', ({ volumeBindingMode }) => String(volumeBindingMode ?? 'Immediate')),
    { ...text('AllowVolumeExpansion', ({ allowVolumeExpansion }) => allowVolumeExpansion === true), type: 'boolean' },
    AGE,
  ],
};
