// Random objects of built-in kinds, and random writes to them: what people's manifests hold, in odd combinations.

/** A small seeded generator (mulberry32): runs repeat. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const chance = (p) => next() < p;
  const pick = (list) => list[Math.floor(next() * list.length)];
  const some = (list, p = 0.5) => list.filter(() => chance(p));
  return { next, chance, pick, some };
}

const maybe = (r, p, field, value) => (r.chance(p) ? { [field]: value() } : {});
const labels = (r) =>
  Object.fromEntries(r.some(['app', 'tier', 'team'], 0.6).map((key) => [key, r.pick(['a', 'b', ''])]));
const quantity = (r) => r.pick(['100m', '0.5', '1', 1, '1000m', '128Mi', '1024Mi', '1Gi', '2e3', '0', '1.5Gi']);

function container(r, name) {
  return {
    name,
    image: r.pick(['nginx', 'nginx:1', 'nginx:latest', 'r.io/a/b@sha256:' + 'a'.repeat(64), 'r.io:5000/x']),
    ...maybe(r, 0.4, 'ports', () => ports(r)),
    ...maybe(r, 0.5, 'env', () => r.some(['A', 'B', 'C']).map((key) => envVar(r, key))),
    ...maybe(r, 0.3, 'args', () => r.some(['x', 'y', 'z'])),
    ...maybe(r, 0.2, 'command', () => ['sh']),
    ...maybe(r, 0.4, 'resources', () => ({
      ...maybe(r, 0.5, 'requests', () => ({ cpu: '100m' })),
      ...maybe(r, 0.5, 'limits', () => ({ cpu: r.pick(['1', 1, '1000m']), memory: r.pick(['1Gi', '1024Mi']) })),
    })),
    ...maybe(r, 0.3, 'readinessProbe', () => probe(r)),
    ...maybe(r, 0.2, 'livenessProbe', () => probe(r)),
    ...maybe(r, 0.3, 'volumeMounts', () => [
      { name: 'v', mountPath: '/v', ...maybe(r, 0.5, 'readOnly', () => r.chance(0.5)) },
    ]),
    ...maybe(r, 0.3, 'securityContext', () =>
      r.pick([{}, { runAsNonRoot: true }, { privileged: false, capabilities: { drop: ['ALL'] } }]),
    ),
    ...maybe(r, 0.1, 'tty', () => r.chance(0.5)),
    ...maybe(r, 0.2, 'imagePullPolicy', () => r.pick(['Always', 'IfNotPresent'])),
    ...maybe(r, 0.15, 'lifecycle', () => ({ preStop: { exec: { command: ['true'] } } })),
    ...maybe(r, 0.2, 'envFrom', () => [
      r.pick([{ configMapRef: { name: 'c' } }, { secretRef: { name: 's', optional: true } }]),
    ]),
  };
}

const ports = (r) =>
  r.some([80, 443, 8080], 0.6).map((containerPort) => ({
    containerPort,
    ...maybe(r, 0.4, 'name', () => `p${containerPort}`),
    ...maybe(r, 0.4, 'protocol', () => r.pick(['TCP', 'UDP'])),
  }));

function envVar(r, name) {
  return r.pick([
    { name, value: 'x' },
    { name, value: '' },
    { name },
    { name, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name, valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    { name, valueFrom: { configMapKeyRef: { name: 'c', key: 'k', optional: false } } },
    { name, valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
  ]);
}

const probe = (r) => ({
  ...r.pick([
    { httpGet: { port: 80 } },
    { httpGet: { port: 'http', path: '/x', scheme: 'HTTPS', httpHeaders: [{ name: 'a', value: 'b' }] } },
    { tcpSocket: { port: 80 } },
    { exec: { command: ['true'] } },
    { grpc: { port: 80 } },
  ]),
  ...maybe(r, 0.3, 'initialDelaySeconds', () => r.pick([0, 5])),
  ...maybe(r, 0.3, 'periodSeconds', () => 5),
});

const volume = (r) => ({
  name: 'v',
  ...r.pick([
    {},
    { emptyDir: {} },
    { emptyDir: { sizeLimit: '1024Mi' } },
    { configMap: { name: 'c' } },
    { secret: { secretName: 's', items: [{ key: 'a', path: 'b' }] } },
    { projected: { sources: [{ serviceAccountToken: { path: 't' } }, { configMap: { name: 'c' } }] } },
    {
      projected: { sources: [{ downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }] },
    },
    { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    { persistentVolumeClaim: { claimName: 'p' } },
    { hostPath: { path: '/x' } },
    { csi: { driver: 'd' } },
    { nfs: { server: 's', path: '/p', readOnly: false } },
    {
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    },
  ]),
});

const podSpec = (r, restart) => ({
  containers: ['main', ...r.some(['side', 'third'], 0.3)].map((name) => container(r, name)),
  volumes: [volume(r)],
  ...maybe(r, 0.2, 'initContainers', () =>
    [container(r, 'init')].map(({ readinessProbe: _r, livenessProbe: _l, lifecycle: _c, ...rest }) => rest),
  ),
  ...(restart === undefined ? {} : { restartPolicy: restart }),
  ...maybe(r, 0.3, 'serviceAccountName', () => 'robot'),
  ...maybe(r, 0.2, 'securityContext', () => r.pick([{}, { fsGroup: 1000 }, { runAsUser: 0 }])),
  ...maybe(r, 0.2, 'nodeSelector', () => r.pick([{ a: 'b' }, {}])),
  ...maybe(r, 0.2, 'tolerations', () =>
    r.pick([
      [],
      [
        { key: 'a', operator: 'Exists' },
        { key: 'b', value: 'c', effect: 'NoSchedule' },
      ],
    ]),
  ),
  ...maybe(r, 0.2, 'imagePullSecrets', () => r.some([{ name: 'x' }, { name: 'y' }])),
  ...maybe(r, 0.15, 'hostNetwork', () => false),
  ...maybe(r, 0.15, 'automountServiceAccountToken', () => false),
  ...maybe(r, 0.15, 'terminationGracePeriodSeconds', () => r.pick([0, 5])),
  ...maybe(r, 0.15, 'priorityClassName', () => ''),
  ...maybe(r, 0.2, 'topologySpreadConstraints', () => [
    { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { app: 'a' } } },
  ]),
  ...maybe(r, 0.15, 'affinity', () => ({
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'z', labelSelector: { matchLabels: { app: 'a' } } } },
      ],
    },
  })),
  ...maybe(r, 0.1, 'hostAliases', () => [{ ip: '1.2.3.4', hostnames: ['a'] }]),
  ...maybe(r, 0.1, 'dnsConfig', () => ({ options: [{ name: 'ndots', value: '2' }] })),
});

const selector = { matchLabels: { app: 'x' } };
const template = (r, restart) => ({
  metadata: {
    labels: { app: 'x', ...labels(r), ...{ app: 'x' } },
    ...maybe(r, 0.3, 'annotations', () => ({ a: 'b' })),
  },
  spec: podSpec(r, restart),
});
const claim = (r) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: r.pick(['1Gi', '1024Mi', '0.5Gi']) } },
  ...maybe(r, 0.3, 'storageClassName', () => r.pick(['', 'fast'])),
  ...maybe(r, 0.2, 'volumeMode', () => 'Filesystem'),
});

const SPECS = {
  'apps/v1 Deployment deployments': (r) => ({
    spec: {
      selector,
      template: template(r),
      ...maybe(r, 0.6, 'replicas', () => r.pick([0, 1, 3])),
      ...maybe(r, 0.3, 'strategy', () =>
        r.pick([{ type: 'Recreate' }, { type: 'RollingUpdate' }, { rollingUpdate: { maxSurge: 1 } }, {}]),
      ),
      ...maybe(r, 0.2, 'minReadySeconds', () => r.pick([0, 5])),
      ...maybe(r, 0.2, 'revisionHistoryLimit', () => r.pick([0, 2])),
      ...maybe(r, 0.1, 'paused', () => r.chance(0.5)),
    },
  }),
  'apps/v1 StatefulSet statefulsets': (r) => ({
    spec: {
      selector,
      template: template(r),
      serviceName: r.pick(['', 'svc']),
      ...maybe(r, 0.5, 'volumeClaimTemplates', () => [{ metadata: { name: 'd' }, spec: claim(r) }]),
      ...maybe(r, 0.3, 'updateStrategy', () => r.pick([{ type: 'OnDelete' }, { type: 'RollingUpdate' }])),
    },
  }),
  'apps/v1 DaemonSet daemonsets': (r) => ({
    spec: {
      selector,
      template: template(r),
      ...maybe(r, 0.3, 'updateStrategy', () =>
        r.pick([{ type: 'OnDelete' }, { rollingUpdate: { maxUnavailable: 2 } }]),
      ),
    },
  }),
  'batch/v1 Job jobs': (r) => ({
    spec: {
      template: template(r, r.pick(['Never', 'OnFailure'])),
      ...maybe(r, 0.4, 'backoffLimit', () => r.pick([0, 3])),
      ...maybe(r, 0.3, 'completions', () => 2),
      ...maybe(r, 0.3, 'ttlSecondsAfterFinished', () => 10),
    },
  }),
  'batch/v1 CronJob cronjobs': (r) => ({
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: template(r, 'Never') } },
      ...maybe(r, 0.3, 'suspend', () => true),
    },
  }),
  'v1 Pod pods': (r) => ({ spec: podSpec(r, r.pick([undefined, 'Never'])) }),
  'v1 Service services': (r) => ({
    spec: {
      ...maybe(r, 0.8, 'selector', () => ({ app: 'x', ...labels(r) })),
      ...maybe(r, 0.6, 'type', () => r.pick(['ClusterIP', 'NodePort', 'LoadBalancer'])),
      ports: [80, ...r.some([443, 53], 0.5)].map((port) => ({
        port,
        name: `p${port}`,
        ...maybe(r, 0.5, 'targetPort', () => r.pick([8080, 'http'])),
        ...maybe(r, 0.4, 'protocol', () => 'TCP'),
      })),
      ...maybe(r, 0.15, 'sessionAffinity', () => r.pick(['None', 'ClientIP'])),
      ...maybe(r, 0.1, 'publishNotReadyAddresses', () => r.chance(0.5)),
    },
  }),
  'v1 ConfigMap configmaps': (r) => ({
    ...maybe(r, 0.8, 'data', () =>
      Object.fromEntries(r.some(['a', 'b', 'c.txt']).map((key) => [key, r.pick(['', 'x', 'y\nz'])])),
    ),
    ...maybe(r, 0.2, 'binaryData', () => ({ z: 'AAE=' })),
    ...maybe(r, 0.1, 'immutable', () => false),
  }),
  'v1 Secret secrets': (r) => ({
    ...maybe(r, 0.5, 'data', () => ({ a: 'eA==' })),
    ...maybe(r, 0.5, 'stringData', () => ({ b: 'y', ...maybe(r, 0.3, 'a', () => 'z') })),
    ...maybe(r, 0.3, 'type', () => 'Opaque'),
  }),
  'v1 ServiceAccount serviceaccounts': (r) => ({
    ...maybe(r, 0.5, 'imagePullSecrets', () => r.some([{ name: 'x' }, { name: 'y' }])),
    ...maybe(r, 0.3, 'automountServiceAccountToken', () => false),
  }),
  'v1 PersistentVolumeClaim persistentvolumeclaims': (r) => ({ spec: claim(r) }),
  'v1 ResourceQuota resourcequotas': (r) => ({ spec: { hard: { 'requests.cpu': quantity(r), pods: '10' } } }),
  'v1 LimitRange limitranges': (r) => ({
    spec: {
      limits: [
        {
          type: 'Container',
          ...maybe(r, 0.6, 'default', () => ({ cpu: quantity(r) })),
          ...maybe(r, 0.3, 'max', () => ({ memory: '1024Mi' })),
        },
      ],
    },
  }),
  'networking.k8s.io/v1 Ingress ingresses': (r) => ({
    spec: {
      rules: [
        {
          ...maybe(r, 0.7, 'host', () => 'a.example'),
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 's', port: r.pick([{ number: 80 }, { name: 'http' }]) } },
              },
            ],
          },
        },
      ],
      ...maybe(r, 0.3, 'tls', () => [{ hosts: ['a.example'], secretName: 's' }]),
      ...maybe(r, 0.3, 'ingressClassName', () => 'nginx'),
    },
  }),
  'networking.k8s.io/v1 NetworkPolicy networkpolicies': (r) => ({
    spec: {
      podSelector: r.pick([{}, { matchLabels: { app: 'x' } }]),
      ...maybe(r, 0.5, 'ingress', () =>
        r.pick([[], [{}], [{ from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] }]]),
      ),
      ...maybe(r, 0.3, 'egress', () => [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }]),
      ...maybe(r, 0.4, 'policyTypes', () => ['Ingress']),
    },
  }),
  'rbac.authorization.k8s.io/v1 Role roles': (r) => ({
    rules: r.some([
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['*'], verbs: ['*'], resourceNames: ['x'] },
    ]),
  }),
  'rbac.authorization.k8s.io/v1 RoleBinding rolebindings': (r) => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: r.some(
      [
        { kind: 'ServiceAccount', name: 'a', namespace: 'default' },
        { kind: 'User', name: 'u', ...maybe(r, 0.5, 'apiGroup', () => 'rbac.authorization.k8s.io') },
      ],
      0.7,
    ),
  }),
  'policy/v1 PodDisruptionBudget poddisruptionbudgets': (r) => ({
    spec: { selector, ...r.pick([{ minAvailable: 1 }, { maxUnavailable: '50%' }]) },
  }),
  'autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers': (r) => ({
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
      maxReplicas: 5,
      ...maybe(r, 0.5, 'minReplicas', () => 2),
      ...maybe(r, 0.6, 'metrics', () => [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ]),
      ...maybe(r, 0.3, 'behavior', () => ({ scaleDown: { stabilizationWindowSeconds: 60 } })),
    },
  }),
  'apps/v1 ControllerRevision controllerrevisions': (r) => ({
    data: r.pick([{ spec: { template: { x: 1 } } }, { a: [1, 2] }]),
    revision: r.pick([0, 1, 7]),
  }),
  'v1 Event events': (r) => ({
    involvedObject: { kind: 'Pod', namespace: 'default', ...maybe(r, 0.6, 'name', () => 'p') },
    ...maybe(r, 0.7, 'reason', () => 'Started'),
    ...maybe(r, 0.7, 'message', () => r.pick(['x', ''])),
    ...maybe(r, 0.6, 'type', () => r.pick(['Normal', 'Warning'])),
    ...maybe(r, 0.5, 'count', () => r.pick([0, 1, 3])),
    ...maybe(r, 0.5, 'source', () => r.pick([{}, { component: 'kubelet', host: 'node-1' }])),
    ...maybe(r, 0.4, 'firstTimestamp', () => '2026-01-01T00:00:00Z'),
    ...maybe(r, 0.2, 'reportingComponent', () => 'me'),
  }),
  'v1 PodTemplate podtemplates': (r) => ({ template: template(r) }),
};

export const KINDS = Object.keys(SPECS).map((line) => {
  const [apiVersion, kind, plural] = line.split(' ');
  return { line, apiVersion, kind, plural };
});

/** A random object of a kind. */
export function objectOf(r, { line, apiVersion, kind }, name) {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: 'default',
      ...maybe(r, 0.6, 'labels', () => labels(r)),
      ...maybe(r, 0.3, 'annotations', () => r.pick([{ note: 'x' }, {}])),
      ...maybe(r, 0.1, 'finalizers', () => ['example.com/a']),
    },
    ...SPECS[line](r),
  };
}
