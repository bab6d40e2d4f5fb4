#!/usr/bin/env node
// Carries the same scenes out on a real API server with controllers and on the simulator, and counts where they agree.
// Usage (see README.md): node compare.mjs https://127.0.0.1:6443 TOKEN [part of a scene's name]
import { Buffer } from 'node:buffer';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { URL } from 'node:url';
import { SimulatorServer } from '../../../dist/simulator/simulator-server.js';
import { VirtualCluster } from '../../../dist/simulator/virtual-cluster.js';
import { playNodes } from './nodes.mjs';
import { SCENES } from './scenes.mjs';

const [url, token, wanted = ''] = process.argv.slice(2);
const cluster = new VirtualCluster({ name: 'one', readyAfterMs: 50 });
cluster.crashImage('fail:1');
const simulator = new SimulatorServer();
simulator.add(cluster);
await simulator.listen();

const client =
  (base, bearer, send) =>
  (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const named = { authorization: `Bearer ${bearer}`, 'content-type': type, 'user-agent': 'compare/1' };
      const headers = { ...named, 'content-length': Buffer.byteLength(text) };
      const sent = send(new URL(base + path), { method, headers, rejectUnauthorized: false }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')));
      });
      sent.on('error', reject);
      sent.end(text);
    });
const real = client(url, token, https);
const ours = client(simulator.urlOf('one'), cluster.token, http);
const stop = await playNodes(real);

const PLURAL = { CronJob: 'cronjobs', Job: 'jobs' };
const pathOf = (namespace, { apiVersion, kind }) =>
  `/apis/${apiVersion}/namespaces/${namespace}/${PLURAL[kind] ?? `${kind.toLowerCase()}s`}`;

/** Without times, uids and what each side makes up. */
function masked(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => masked(item));
  if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'string') return value;
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'TIME';
    if (/uid$/i.test(key)) return 'UID';
    return value
      .replaceAll(/from \d+ to \d+/g, 'from N to M')
      .replaceAll(/\bnode-\d\b/g, 'node')
      .replaceAll(/\bx-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, 'x-HASH-RAND')
      .replaceAll(/\bx-[a-z0-9]{6,10}\b/g, 'x-HASH')
      .replaceAll(/\bx-(\d-)?[a-z0-9]{5}\b/g, 'x-$1RAND')
      .replaceAll(/^[a-f0-9]{8,10}$|^[a-z0-9]{8,10}$/g, 'HASH');
  }
  const own = Object.entries(value).filter(([name]) => !['uid', 'resourceVersion', 'lastHeartbeatTime'].includes(name));
  return Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, masked(item, name)]));
}

/** Everything there is to see of a scene. */
async function seen(ask, namespace, object) {
  const list = async (path) => (await ask('GET', path)).items ?? [];
  const live = await ask('GET', `${pathOf(namespace, object)}/x`);
  const pods = await list(`/api/v1/namespaces/${namespace}/pods`);
  const revisions = await list(`/apis/apps/v1/namespaces/${namespace}/controllerrevisions`);
  const sets = object.kind === 'Deployment' ? await list(`/apis/apps/v1/namespaces/${namespace}/replicasets`) : [];
  const events = await list(`/api/v1/namespaces/${namespace}/events`);
  const conditions = [...(live.status?.conditions ?? [])].sort((a, b) => (a.type < b.type ? -1 : 1));
  const { currentRevision, updateRevision, ...status } = live.status ?? {};
  const sorted = (items) =>
    items
      .map((item) => JSON.stringify(masked(item)))
      .sort()
      .map((text) => JSON.parse(text));
  const told = events.filter(({ involvedObject }) => !['Pod', 'PersistentVolumeClaim'].includes(involvedObject.kind));
  return {
    status: masked({ ...status, conditions, isOneRevision: currentRevision === updateRevision }),
    generation: live.metadata?.generation,
    pods: sorted(pods.map(podOf)),
    revisions: revisions.map(({ revision }) => revision).sort(),
    sets: sorted(
      sets.map(({ spec, status: { conditions: _c, observedGeneration: _steps, ...counts } }) => ({
        replicas: spec.replicas,
        ...counts,
      })),
    ),
    events: [
      ...new Set(
        told.map(({ type, reason, message, involvedObject }) =>
          JSON.stringify(masked([involvedObject.kind, type, reason, message])),
        ),
      ),
    ].sort(),
  };
}

function podOf({ metadata, spec, status }) {
  const { labels, annotations, generateName, ownerReferences, deletionTimestamp } = metadata;
  const { nodeName: _node, ...rest } = spec;
  return {
    labels,
    annotations,
    generateName,
    ownerReferences,
    isEnding: deletionTimestamp !== undefined,
    spec: rest,
    phase: status.phase,
  };
}

function differences(left, right, path = '') {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const isMap = (value) => typeof value === 'object' && value !== null;
  if (!isMap(left) || !isMap(right)) return [`${path}: real ${JSON.stringify(left)} ours ${JSON.stringify(right)}`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], `${path}.${key}`),
  );
}

async function carryOut(ask, namespace, object, step) {
  if (step.create) await ask('POST', pathOf(namespace, object), { ...object, metadata: { name: 'x' } });
  else await ask('PATCH', `${pathOf(namespace, object)}/x`, step.patch, 'application/merge-patch+json');
}

const totals = {};
const count = (aspect, isSame) => {
  const known = totals[aspect] ?? { same: 0, of: 0 };
  totals[aspect] = { same: known.same + Number(isSame), of: known.of + 1 };
};
const scenes = Object.entries(SCENES).filter(([name]) => name.includes(wanted));
await Promise.all(
  scenes.map(async ([name, steps], index) => {
    const namespace = `scene-${index}-${Date.now() % 100_000}`;
    for (const ask of [real, ours]) await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const object = steps[0].create;
    for (const [number, step] of steps.entries()) {
      for (const ask of [real, ours]) await carryOut(ask, namespace, object, step);
      await sleep(step.rest ?? 8_000);
      const [left, right] = [await seen(real, namespace, object), await seen(ours, namespace, object)];
      for (const aspect of Object.keys(left)) {
        const lines = differences(left[aspect], right[aspect], aspect);
        count(aspect, lines.length === 0);
        for (const line of lines.slice(0, 6)) process.stdout.write(`${name} ${number}: ${line.slice(0, 300)}\n`);
      }
    }
    for (const ask of [real, ours]) await ask('DELETE', `/api/v1/namespaces/${namespace}`);
  }),
);
for (const [aspect, { same, of }] of Object.entries(totals)) process.stdout.write(`${aspect}: ${same} of ${of}\n`);
await stop();
await simulator.close();
process.exit(0);
