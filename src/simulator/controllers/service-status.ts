import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { addressOf } from '../service-defaults.js';
import { isTrue, withConditions, type StatusRule } from './status-rule.js';

const service: StatusRule = {
  manager: 'cloud-controller-manager',
  settled: (object) => ({ loadBalancer: record(object.spec).type === 'LoadBalancer' ? balancer(object) : {} }),
};

const ingress: StatusRule = {
  manager: 'ingress-controller',
  settled: (object) => ({ loadBalancer: balancer(object) }),
};

function balancer({ metadata }: KubernetesObject): Fields {
  return { ingress: [{ ip: addressOf(metadata, 'balancer') }] };
}

const persistentVolumeClaim: StatusRule = {
  manager: 'kube-controller-manager',
  seen: () => ({ phase: 'Pending' }),
  settled: ({ spec }) => ({
    phase: 'Bound',
    accessModes: list(record(spec).accessModes),
    capacity: record(record(record(spec).resources).requests),
  }),
};

const horizontalPodAutoscaler: StatusRule = {
  manager: 'kube-controller-manager',
  settled: (object, { at }) => {
    const replicas = Number(record(object.spec).minReplicas ?? 1);
    const conditions = withConditions(object, at, [
      isTrue('AbleToScale', 'ReadyForNewScale', 'recommended size matches current size'),
      isTrue('ScalingActive', 'ValidMetricFound', 'the HPA was able to successfully calculate a replica count'),
    ]);
    return { currentReplicas: replicas, desiredReplicas: replicas, currentMetrics: null, conditions };
  },
};

const podDisruptionBudget: StatusRule = {
  manager: 'kube-controller-manager',
  settled: (object, { at }) => {
    const counts = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    const conditions = withConditions(object, at, [isTrue('DisruptionAllowed', 'SufficientPods')]);
    return { observedGeneration: object.metadata.generation, ...counts, conditions };
  },
};

const customResourceDefinition: StatusRule = {
  manager: 'kube-apiserver',
  settled: (object, { at }) => {
    const { names, versions } = record(object.spec);
    const conditions = withConditions(object, at, [
      isTrue('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      isTrue('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ]);
    const stored = list(versions).filter((version) => record(version).storage === true);
    return { acceptedNames: names, storedVersions: stored.map((version) => record(version).name), conditions };
  },
};

export const SERVICE_RULES: Readonly<Record<string, StatusRule>> = {
  '/Service': service,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  'networking.k8s.io/Ingress': ingress,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscaler,
  'policy/PodDisruptionBudget': podDisruptionBudget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};
