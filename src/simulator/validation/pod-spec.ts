import { jsonEqual } from '../../kernel/json.js';
import { list, record, type Fields } from '../fill-in.js';
import type { FaultList } from './fault-list.js';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const RESTART_POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never'];

/** What the API server refuses of a pod's spec, as far as manifests get it wrong. */
export function validatePodSpec(spec: Fields, path: string, faults: FaultList): void {
  const volumes = list(spec.volumes).map(record);
  volumes.forEach((volume, index) => validateVolume(volume, `${path}.volumes[${index}]`, faults));
  const names = new Set(volumes.map(({ name }) => name));
  if (list(spec.containers).length === 0) faults.add(`${path}.containers`, 'Required value');
  for (const field of ['initContainers', 'containers']) {
    const containers = list(spec[field]).map(record);
    containers.forEach((container, index) => {
      const at = `${path}.${field}[${index}]`;
      validateContainer(container, at, faults);
      if (containers.findIndex(({ name }) => name === container.name) < index) {
        faults.add(`${at}.name`, `Duplicate value: ${JSON.stringify(container.name)}`);
      }
      list(container.volumeMounts).forEach((mount, place) => {
        const { name } = record(mount);
        if (!names.has(name)) faults.add(`${at}.volumeMounts[${place}].name`, `Not found: ${JSON.stringify(name)}`);
      });
    });
  }
  faults.oneOf(`${path}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES);
}

function validateVolume(volume: Fields, path: string, faults: FaultList): void {
  const sources = Object.keys(volume).filter((name) => name !== 'name');
  faults.required(`${path}.name`, volume.name);
  for (const source of sources.slice(1)) {
    faults.add(`${path}.${source}`, 'Forbidden: may not specify more than 1 volume type');
  }
}

function validateContainer(container: Fields, path: string, faults: FaultList): void {
  faults.required(`${path}.name`, container.name);
  if (typeof container.name === 'string' && container.name !== '' && !LABEL.test(container.name)) {
    faults.add(`${path}.name`, `Invalid value: ${JSON.stringify(container.name)}: must be a lowercase RFC 1123 label`);
  }
  faults.required(`${path}.image`, container.image);
  faults.oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']);
  list(container.env).forEach((variable, index) => {
    validateVariable(record(variable), `${path}.env[${index}]`, faults);
  });
  validatePorts(list(container.ports).map(record), `${path}.ports`, faults);
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (container[probe] !== undefined) validateProbe(record(container[probe]), `${path}.${probe}`, faults);
  }
  validateResources(record(container.resources), `${path}.resources`, faults);
}

function validatePorts(ports: readonly Fields[], path: string, faults: FaultList): void {
  ports.forEach(({ containerPort, name }, index) => {
    validatePort(containerPort, `${path}[${index}].containerPort`, faults);
    const isTwin = name !== undefined && ports.findIndex((port) => port.name === name) < index;
    if (isTwin) faults.add(`${path}[${index}].name`, `Duplicate value: ${JSON.stringify(name)}`);
  });
}

function validateVariable({ name, value, valueFrom }: Fields, path: string, faults: FaultList): void {
  faults.required(`${path}.name`, name);
  if (valueFrom === undefined) return;
  const sources = Object.keys(record(valueFrom));
  if (sources.length > 1) {
    faults.add(`${path}.valueFrom`, 'Invalid value: "": may not have more than one field specified at a time');
  } else if (typeof value === 'string' && value !== '') {
    faults.add(`${path}.valueFrom`, 'Invalid value: "": may not be specified when `value` is not empty');
  }
}

export function validatePort(port: unknown, path: string, faults: FaultList): void {
  if (port === undefined || port === 0) return faults.required(path, undefined);
  if (typeof port === 'number' && port > 0 && port < 65_536) return;
  faults.add(path, `Invalid value: ${JSON.stringify(port)}: must be between 1 and 65535, inclusive`);
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function validateProbe(probe: Fields, path: string, faults: FaultList): void {
  const handlers = HANDLERS.filter((name) => probe[name] !== undefined);
  if (handlers.length === 0) faults.add(path, 'Required value: must specify a handler type');
  for (const handler of handlers.slice(1)) {
    faults.add(`${path}.${handler}`, 'Forbidden: may not specify more than 1 handler type');
  }
}

/** Requests beyond limits are refused where both are spelled alike; others are not compared here. */
function validateResources({ requests, limits }: Fields, path: string, faults: FaultList): void {
  for (const [name, amount] of Object.entries(record(requests))) {
    const most = record(limits)[name];
    const [asked, allowed] = [Number(amount), Number(most)];
    if (most === undefined || Number.isNaN(asked) || Number.isNaN(allowed) || asked <= allowed) continue;
    const why = `must be less than or equal to ${name} limit of ${String(most)}`;
    faults.add(`${path}.requests`, `Invalid value: ${JSON.stringify(amount)}: ${why}`);
  }
}

const MAY_CHANGE = [
  'activeDeadlineSeconds',
  'tolerations',
  'terminationGracePeriodSeconds',
  'nodeName',
  'schedulingGates',
];

/** A pod keeps what it was made with, but for images and a few numbers. */
export function validatePodUpdate(before: Fields, after: Fields, faults: FaultList): void {
  const names = (spec: Fields): unknown[] => list(spec.containers).map((container) => record(container).name);
  if (names(before).length !== names(after).length) {
    faults.add('spec.containers', 'Forbidden: pod updates may not add or remove containers');
  } else if (!jsonEqual(fixedPart(before), fixedPart(after))) {
    faults.add('spec', PODS_STAY);
  }
}

const PODS_STAY =
  'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,' +
  '`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing ' +
  'tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function fixedPart(spec: Fields): Fields {
  const withoutImages = (containers: unknown): unknown =>
    list(containers).map((container) => {
      const { image: _image, ...rest } = record(container);
      return rest;
    });
  const fixed = Object.fromEntries(Object.entries(spec).filter(([name]) => !MAY_CHANGE.includes(name)));
  const { containers, initContainers, ...rest } = fixed;
  return { ...rest, containers: withoutImages(containers), initContainers: withoutImages(initContainers) };
}
