// What is done to a workload named `x`, step by step; `rest` is how long the real controllers take to come to rest.

const template = (image, more = {}) => ({
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image }], ...more },
});
const apps = (kind, spec) => ({
  apiVersion: 'apps/v1',
  kind,
  spec: { selector: { matchLabels: { app: 'x' } }, template: template('a:1'), ...spec },
});
const job = (spec, image = 'a:1') => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } }, ...spec },
});
const image = (name) => ({ patch: { spec: { template: template(name) } } });
const patch = (spec, rest) => ({ patch: { spec }, rest });
const rolling = (bounds) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: bounds } });
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

export const SCENES = {
  'sts: update, scale, back': [
    { create: apps('StatefulSet', { replicas: 3, serviceName: 'x', volumeClaimTemplates: [claim] }) },
    image('a:2'),
    patch({ replicas: 1 }),
    image('a:1'),
    patch({ replicas: 4 }),
  ],
  'sts: partition': [
    { create: apps('StatefulSet', { replicas: 3, ...rolling({ partition: 2 }) }) },
    image('a:2'),
    patch({ replicas: 5 }),
    patch(rolling({ partition: 1 })),
    patch(rolling({ partition: 0 })),
  ],
  'sts: parallel, broken, mended': [
    { create: apps('StatefulSet', { replicas: 3, podManagementPolicy: 'Parallel' }) },
    image('x.invalid/a:2'),
    image('a:3'),
  ],
  'sts: ordered, broken': [{ create: apps('StatefulSet', { replicas: 2 }) }, image('x.invalid/a:2'), image('a:3')],
  'sts: on delete': [
    { create: apps('StatefulSet', { replicas: 2, updateStrategy: { type: 'OnDelete' } }) },
    image('a:2'),
  ],
  'sts: first ordinal': [
    { create: apps('StatefulSet', { replicas: 2, ordinals: { start: 3 } }) },
    patch({ replicas: 0 }),
  ],
  'ds: update, broken, mended': [{ create: apps('DaemonSet', {}) }, image('a:2'), image('x.invalid/a:3'), image('a:4')],
  'ds: two at a time': [{ create: apps('DaemonSet', rolling({ maxUnavailable: 2 })) }, image('x.invalid/a:2')],
  'ds: surge': [
    { create: apps('DaemonSet', rolling({ maxSurge: 1, maxUnavailable: 0 })) },
    image('a:2'),
    image('x.invalid/a:3'),
  ],
  'ds: one node': [
    {
      create: apps('DaemonSet', {
        template: template('a:1', { nodeSelector: { 'kubernetes.io/hostname': 'node-2' } }),
      }),
    },
    image('a:2'),
  ],
  'ds: on delete': [{ create: apps('DaemonSet', { updateStrategy: { type: 'OnDelete' } }) }, image('a:2')],
  'rs: alone': [{ create: apps('ReplicaSet', { replicas: 3 }) }, patch({ replicas: 1 }), image('a:2')],
  'deploy: update, scale, pause': [
    { create: apps('Deployment', { replicas: 3 }) },
    image('a:2'),
    patch({ replicas: 5 }),
    patch({ paused: true }),
    image('a:3'),
    patch({ paused: false }),
  ],
  'deploy: recreate, broken': [
    { create: apps('Deployment', { replicas: 2, strategy: { type: 'Recreate' } }) },
    image('x.invalid/a:2'),
  ],
  'deploy: broken, mended': [
    { create: apps('Deployment', { replicas: 4 }) },
    image('x.invalid/a:2'),
    image('a:3'),
    patch({ replicas: 0 }),
  ],
  'job: three of them': [{ create: job({ completions: 3, parallelism: 2 }), rest: 4_000 }],
  'job: until one succeeds': [{ create: job({ parallelism: 2 }), rest: 3_000 }],
  'job: indexed': [{ create: job({ completions: 4, parallelism: 2, completionMode: 'Indexed' }), rest: 5_000 }],
  'job: fails at once': [{ create: job({ backoffLimit: 0 }, 'fail:1'), rest: 3_000 }],
  'job: fails again': [{ create: job({ backoffLimit: 1 }, 'fail:1'), rest: 15_000 }],
  'job: suspended and resumed': [{ create: job({ suspend: true }) }, patch({ suspend: false }, 3_000)],
  'job: suspended while it runs': [{ create: job({}, 'x.invalid/a:1') }, patch({ suspend: true }, 3_000)],
  'job: deadline': [{ create: job({ activeDeadlineSeconds: 1 }, 'x.invalid/a:1'), rest: 4_000 }],
  'cronjob: suspended': [
    {
      create: {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        spec: { schedule: '@yearly', suspend: true, jobTemplate: { spec: job({}).spec } },
      },
    },
  ],
};
