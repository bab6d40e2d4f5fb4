#!/usr/bin/env node
// Sends the same random writes to a real API server and to the simulator and counts where they agree: answer code, the
// object as stored, and who owns which field. Usage: node compare.mjs https://127.0.0.1:6443 TOKEN [cases] [seed]
import { Buffer } from 'node:buffer';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import process from 'node:process';
import { URL } from 'node:url';
import { SimulatorServer } from '../../../dist/simulator/simulator-server.js';
import { VirtualCluster } from '../../../dist/simulator/virtual-cluster.js';
import { KINDS, objectOf, random } from './random-objects.mjs';

const [url, token, count = '300', firstSeed = '1'] = process.argv.slice(2);

/** Controllers rest: a lone API server has none either. */
const cluster = new VirtualCluster({ name: 'one', timers: { after: () => () => undefined } });
const simulator = new SimulatorServer();
simulator.add(cluster);
await simulator.listen();
const real = { url, token, send: https };
const ours = { url: simulator.urlOf('one'), token: cluster.token, send: http };

function ask({ url: base, token: bearer, send }, { method, path, body, type = 'application/json' }) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': type, 'user-agent': 'compare/1' };
    const sent = send(new URL(base + path), { method, headers, rejectUnauthorized: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ code: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const TYPES = {
  apply: 'application/apply-patch+yaml',
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

/** A few writes of one object, by several managers, in every form. */
function writesOf(r, kind, name) {
  const [group, version] = kind.apiVersion.includes('/') ? kind.apiVersion.split('/') : ['', kind.apiVersion];
  const base = `${group === '' ? '/api' : `/apis/${group}`}/${version}/namespaces/default/${kind.plural}`;
  const path = `${base}/${name}`;
  const manager = () => r.pick(['a', 'b']);
  const patchBody = () => {
    const { apiVersion: _v, kind: _k, metadata, ...rest } = objectOf(r, kind, name);
    const { name: _n, namespace: _s, ...meta } = metadata;
    return { metadata: meta, ...rest };
  };
  const forms = {
    create: () => ({ method: 'POST', path: `${base}?fieldManager=${manager()}`, body: objectOf(r, kind, name) }),
    apply: () => ({
      method: 'PATCH',
      path: `${path}?fieldManager=${manager()}${r.chance(0.6) ? '&force=true' : ''}`,
      body: objectOf(r, kind, name),
      type: TYPES.apply,
    }),
    strategic: () => ({
      method: 'PATCH',
      path: `${path}?fieldManager=${manager()}`,
      body: patchBody(),
      type: TYPES.strategic,
    }),
    merge: () => ({ method: 'PATCH', path: `${path}?fieldManager=${manager()}`, body: patchBody(), type: TYPES.merge }),
    json: () => ({
      method: 'PATCH',
      path: `${path}?fieldManager=${manager()}`,
      body: r.pick([
        [{ op: 'add', path: '/metadata/labels', value: { x: 'y' } }],
        [{ op: 'remove', path: '/metadata/annotations' }],
        [
          { op: 'test', path: '/kind', value: kind.kind },
          { op: 'add', path: '/metadata/annotations', value: { j: '1' } },
        ],
      ]),
      type: TYPES.json,
    }),
    put: () => ({ method: 'PUT', path: `${path}?fieldManager=${manager()}`, body: objectOf(r, kind, name) }),
  };
  const first = r.pick(['create', 'apply']);
  const names = [
    first,
    ...Array.from({ length: 3 }, () => r.pick(['apply', 'apply', 'strategic', 'merge', 'json', 'put'])),
  ];
  return { path, writes: names.map((form) => ({ form, ...forms[form]() })) };
}

const SERVER_CHOSEN = ['clusterIP', 'clusterIPs', 'nodePort', 'healthCheckNodePort'];

/** Without what each server chooses for itself. */
function normal(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => normal(item));
  if (typeof value !== 'object' || value === null) return key === 'time' ? 'T' : value;
  const own = Object.entries(value)
    .filter(
      ([name]) => !['uid', 'resourceVersion', 'creationTimestamp', 'time', 'selfLink', ...SERVER_CHOSEN].includes(name),
    )
    .filter(([name]) => !name.includes('controller-uid'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(own.map(([name, item]) => [name, normal(item, name)]));
}

function comparable({ code, body }) {
  if (code >= 400) return { code, object: { reason: body.reason }, owners: null };
  const { managedFields = [], ...metadata } = body.metadata;
  const owners = managedFields
    .map(normal)
    .map((entry) => JSON.stringify(entry))
    .sort();
  return { code, object: normal({ ...body, metadata }), owners };
}

function differences(left, right, path = '') {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const isMap = (value) => typeof value === 'object' && value !== null;
  if (!isMap(left) || !isMap(right)) return [`${path}: real ${JSON.stringify(left)} ours ${JSON.stringify(right)}`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], `${path}.${key}`),
  );
}

const totals = { writes: 0, codes: 0, objects: 0, owners: 0 };
const faults = new Map();
const note = (kind, form, lines) => {
  for (const line of lines) {
    const key = line.replaceAll(/\.\d+/g, '[]').slice(0, 220);
    const known = faults.get(key) ?? { count: 0, where: `${kind} ${form}` };
    faults.set(key, { ...known, count: known.count + 1 });
  }
};

for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(count); seed++) {
  const r = random(seed);
  const kind = KINDS[seed % KINDS.length];
  const { path, writes } = writesOf(r, kind, `x${seed}`);
  for (const write of writes) {
    const [theirs, mine] = [await ask(real, write), await ask(ours, write)];
    const [left, right] = [comparable(theirs), comparable(mine)];
    totals.writes++;
    const sameCode = left.code === right.code;
    const objectLines = sameCode ? differences(left.object, right.object) : [];
    const ownerLines =
      sameCode && left.owners
        ? differences(
            left.owners.map((o) => JSON.parse(o)),
            right.owners.map((o) => JSON.parse(o)),
          )
        : [];
    totals.codes += Number(sameCode);
    totals.objects += Number(sameCode && objectLines.length === 0);
    totals.owners += Number(sameCode && objectLines.length === 0 && ownerLines.length === 0);
    if (!sameCode) {
      const messages = `${theirs.body.message ?? ''} / ${mine.body.message ?? ''}`.slice(0, 400);
      process.stdout.write(`code ${kind.kind} ${write.form}: real ${left.code} ours ${right.code}: ${messages}\n`);
    }
    note(kind.kind, write.form, [...objectLines, ...ownerLines.map((line) => `OWNERS ${line}`)]);
    if (!sameCode || objectLines.length > 0) break;
  }
  for (const side of [real, ours]) {
    await ask(side, { method: 'PATCH', path, body: { metadata: { finalizers: null } }, type: TYPES.merge });
    await ask(side, { method: 'DELETE', path: `${path}?gracePeriodSeconds=0&propagationPolicy=Background` });
  }
}

const sorted = [...faults].sort(([, a], [, b]) => b.count - a.count);
for (const [line, { count: times, where }] of sorted.slice(0, 60))
  process.stdout.write(`${times}x (${where}) ${line}\n`);
process.stdout.write(`${JSON.stringify(totals)}\n`);
await simulator.close();
