import type { KubernetesObject } from '../../kernel/object.js';

/** A node of a virtual cluster, ready, as its kubelet has reported it; `at` is RFC 3339. */
export function nodeObject(number: number, kubernetesVersion: string, at: string): KubernetesObject {
  const name = `node-${number}`;
  const amounts = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'virtual',
      },
    },
    spec: { providerID: `simulator://${name}` },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [...PRESSURES.map((pressure) => condition(pressure, at)), condition(READY, at)],
      addresses: [
        { type: 'InternalIP', address: `192.168.0.${number % 250}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        ...{ architecture: 'amd64', operatingSystem: 'linux', osImage: 'Virtual Linux', kernelVersion: '6.12.0' },
        ...{ kubeletVersion: kubernetesVersion, containerRuntimeVersion: 'virtual://1', kubeProxyVersion: '' },
        ...{ bootID: '', machineID: name, systemUUID: name },
      },
    },
  };
}

interface NodeVerdict {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
}

const READY: NodeVerdict = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};

const PRESSURES: readonly NodeVerdict[] = ['Memory', 'Disk', 'PID'].map((what) => ({
  type: `${what}Pressure`,
  status: 'False',
  reason: `KubeletHasSufficient${what}`,
  message: `kubelet has sufficient ${what.toLowerCase()} available`,
}));

const condition = (verdict: NodeVerdict, at: string) => ({ ...verdict, lastHeartbeatTime: at, lastTransitionTime: at });
