#!/usr/bin/env node
// Writes src/kubernetes/schema/built-in-data.ts from what a real API server says of itself: its discovery and its
// OpenAPI v3, and from its Go types, which alone tell where a zero value is left out of JSON. Usage (see README.md):
// node generate.mjs https://127.0.0.1:6443 TOKEN GOMODCACHE > …/built-in-data.ts
// With a last word `numbers` it writes the numbers of fields in protobuf: src/simulator/protobuf/field-numbers-data.ts.
import { Buffer } from 'node:buffer';
import { request } from 'node:https';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';

const [server, token, modules, output = 'schema'] = process.argv.slice(2);
const VERSIONS = { autoscaling: 'v2' };
const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function get(path, accept = 'application/json') {
  const headers = { authorization: `Bearer ${token}`, accept };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server), { headers, rejectUnauthorized: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    });
    sent.on('error', reject).end();
  });
}

const groups = [...(await get('/api', DISCOVERY)).items, ...(await get('/apis', DISCOVERY)).items];
const served = groups.flatMap(({ metadata: { name: group = '' }, versions }) => {
  const wanted = VERSIONS[group] ?? 'v1';
  const found = versions.find(({ version }) => version === wanted);
  return found === undefined ? [] : [{ group, version: wanted, resources: found.resources }];
});

const schemas = {};
const kinds = [];
for (const { group, version, resources } of served.sort((a, b) => (a.group < b.group ? -1 : 1))) {
  const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  const document = await get(`/openapi/v3/${path}`);
  Object.assign(schemas, document.components.schemas);
  for (const resource of resources) {
    if (!resource.verbs.includes('list') || resource.resource === 'componentstatuses') continue;
    const type = Object.keys(document.components.schemas).find((name) =>
      (document.components.schemas[name]['x-kubernetes-group-version-kind'] ?? []).some(
        (gvk) => gvk.group === group && gvk.version === version && gvk.kind === resource.responseKind.kind,
      ),
    );
    kinds.push({ group, version, resource, type });
  }
}

const names = new Map();
/** The last word of a type's name, made longer where two would be the same. */
function nameOf(type) {
  if (names.has(type)) return names.get(type);
  const parts = type.split('.');
  let name = parts.at(-1);
  for (let more = 2; [...names.values()].includes(name); more++) name = parts.slice(-more).map(capital).join('');
  names.set(type, name);
  return name;
}
const capital = (word) => word[0].toUpperCase() + word.slice(1);

const WELL_KNOWN = {
  Quantity: 'q',
  IntOrString: 'x',
  Time: 't',
  MicroTime: 't',
  RawExtension: 'o',
  FieldsV1: 'o',
  JSON: 'o',
  JSONSchemaPropsOrBool: 'o',
  JSONSchemaPropsOrArray: 'o',
  JSONSchemaPropsOrStringArray: 'o',
  JSONSchemaProps: 'o',
};
const SCALARS = { string: 's', integer: 'i', number: 'n', boolean: 'b' };

/** A field's shape in the notation of built-in-schema.ts; types it names are queued. */
function shape(schema) {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const type = reference.slice('#/components/schemas/'.length);
    const known = WELL_KNOWN[type.split('.').at(-1)];
    if (known !== undefined) return known;
    need(type);
    return nameOf(type) + (schema.default === undefined ? '' : '!');
  }
  if (schema.type === 'array') return list(schema) + shape(schema.items).replace('!', '');
  if (schema.type === 'object' && schema.additionalProperties) {
    return (schema['x-kubernetes-map-type'] === 'atomic' ? '{atomic}' : '{}') + shape(schema.additionalProperties);
  }
  if (schema.format === 'byte') return 'y';
  return SCALARS[schema.type] ?? 'o';
}

function list(schema) {
  const type = schema['x-kubernetes-list-type'];
  const keys = type === 'set' ? 'set' : type === 'map' ? schema['x-kubernetes-list-map-keys'].join(',') : '';
  const strategy = schema['x-kubernetes-patch-strategy'] ?? '';
  const patched = strategy.includes('merge') ? `~${schema['x-kubernetes-patch-merge-key'] ?? ''}` : '';
  return `[${keys}${patched}]`;
}

/** Kinds that are answered and not stored, and what bodies hold beside objects. */
const UNLISTED = [
  'io.k8s.api.authorization.v1.LocalSubjectAccessReview',
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview',
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview',
  'io.k8s.api.authorization.v1.SubjectAccessReview',
  'io.k8s.api.authentication.v1.SelfSubjectReview',
  'io.k8s.api.authentication.v1.TokenRequest',
  'io.k8s.api.authentication.v1.TokenReview',
  'io.k8s.api.core.v1.Binding',
  'io.k8s.api.policy.v1.Eviction',
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
];

const packages = new Map();
/** The structs of a type's Go package: JSON names of their fields, each with whether it is a pointer. */
function structsOf(type) {
  const [, , module, ...rest] = type.split('.').slice(0, -1);
  const folder =
    ['io', 'k8s'].every((word, index) => type.split('.')[index] === word) &&
    readdirSync(join(modules, 'k8s.io')).find((name) => name === `${module}@v0.36.1`);
  const key = `${module}/${rest.join('/')}`;
  if (!packages.has(key)) {
    const directory = join(modules, 'k8s.io', folder, ...rest);
    const files = readdirSync(directory).filter((name) => name.endsWith('.go') && !name.includes('generated'));
    const text = files.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n');
    packages.set(
      key,
      new Map([...text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)].map(([, name, body]) => [name, body])),
    );
  }
  return packages.get(key);
}

/** How Go holds a field: by a pointer, which keeps a zero value that was said; and whether nothing is left out. */
function goField(type, field) {
  const structs = structsOf(type);
  const visit = (name) => {
    for (const line of (structs.get(name) ?? '').split('\n')) {
      const [, go, tag] = /^\s*(?:\w+\s+)?(\S+)\s+`.*json:"([^"]*)"/.exec(line) ?? [];
      if (tag === undefined) continue;
      if (tag.split(',')[0] === field)
        return { isPointer: go.startsWith('*'), isOmitted: /omit(empty|zero)/.test(tag) };
      const inner = tag === ',inline' ? visit(go.replace(/^\*/, '').split('.').at(-1)) : undefined;
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  return visit(type.split('.').at(-1)) ?? { isPointer: false, isOmitted: true };
}

/** A field's number in protobuf; `2.1` for field 1 of a message in field 2 that JSON has no name for. */
function fieldNumber(type, field) {
  const structs = structsOf(type);
  const visit = (name) => {
    for (const line of (structs.get(name) ?? '').split('\n')) {
      const [, go, tags] = /^\s*(?:\w+\s+)?(\S+)\s+`(.*)`/.exec(line) ?? [];
      const [, json] = /json:"([^"]*)"/.exec(tags ?? '') ?? [];
      const [, number] = /protobuf:"\w+,(\d+),/.exec(tags ?? '') ?? [];
      if (json === undefined || number === undefined) continue;
      if (json.split(',')[0] === field) return number;
      const inner = json === ',inline' ? visit(go.replace(/^\*/, '').split('.').at(-1)) : undefined;
      if (inner !== undefined) return `${number}.${inner}`;
    }
    return undefined;
  };
  return visit(type.split('.').at(-1));
}

/** `!` after a scalar whose zero value is always printed, `?` where it never is. */
function zero(type, name, schema) {
  if (['', 0, false].includes(schema.default)) return '!';
  const { isPointer } = goField(type, name);
  if (shape(schema) === 'q') return isPointer ? '' : '!';
  return SCALARS[schema.type] === undefined || isPointer ? '' : '?';
}

function field(type, name, schema, isRequired) {
  const retains = (schema['x-kubernetes-patch-strategy'] ?? '').includes('retainKeys') ? '^' : '';
  const scalar = ['string', 'number'].includes(typeof schema.default) ? schema.default : '';
  const said = scalar === '' || scalar === 0 ? '' : `=${scalar}`;
  const isAlways = /^[[{]/.test(shape(schema)) && !goField(type, name).isOmitted;
  const spelled = isAlways ? shape(schema).replace(/[\]}]/, '$&!') : shape(schema);
  return `${name}${isRequired ? '*' : ''}:${retains}${spelled}${zero(type, name, schema)}${said}`;
}

const waiting = [];
const seen = new Set();
function need(type) {
  if (seen.has(type)) return;
  seen.add(type);
  waiting.push(type);
}

kinds.forEach(({ type }) => nameOf(type));
kinds.forEach(({ type }) => need(type));
need('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
const types = [];
const numberLines = [];
const next = () => {
  if (waiting.length === 0) UNLISTED.forEach(need);
  return waiting.shift();
};
for (let type = next(); type !== undefined; type = next()) {
  const schema = schemas[type];
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' ? '@' : '';
  const fields = Object.entries(schema.properties ?? {}).map(([name, value]) =>
    field(type, name, value, (schema.required ?? []).includes(name)),
  );
  types.push(`${nameOf(type)}${atomic} ${fields.join(' ')}`.trimEnd());
  const numbers = Object.keys(schema.properties ?? {}).map((name) => fieldNumber(type, name) ?? '-');
  if (numbers.some((number) => number !== '-')) numberLines.push(`${nameOf(type)} ${numbers.join(' ')}`);
}

const kindLines = kinds.map(({ group, version, resource, type }) => {
  const { responseKind, scope, shortNames = [], categories = [], subresources = [] } = resource;
  const has = (name) => subresources.some(({ subresource }) => subresource === name);
  return [
    group || '-',
    version,
    responseKind.kind,
    resource.resource,
    scope === 'Namespaced' ? 'N' : 'C',
    `${has('status') ? 'status' : ''}${has('scale') ? '+scale' : ''}` || '-',
    shortNames.join(',') || '-',
    categories.join(',') || '-',
    nameOf(type),
  ].join(' ');
});

const { gitVersion } = await get('/version');
if (output === 'numbers') {
  process.stdout.write(`/* eslint-disable max-lines */
// Generated by test/golden/kubernetes-schema/generate.mjs from kube-apiserver ${gitVersion}: do not edit.

/** A line a type: its name and the protobuf numbers of its fields, in the order of the schema table. */
export const FIELD_NUMBERS = \`
${numberLines.sort().join('\n')}
\`;
`);
  process.exit(0);
}
process.stdout.write(`/* eslint-disable max-lines */
// Generated by test/golden/kubernetes-schema/generate.mjs from kube-apiserver ${gitVersion}: do not edit.

/** A line a kind: group, version, kind, resource, scope, subresources, short names, categories, type. */
export const BUILT_IN_KINDS = \`
${kindLines.join('\n')}
\`;

/** A line a type: its name and its fields, in the notation that built-in-schema.ts reads. */
export const BUILT_IN_TYPES = \`
${types.sort().join('\n')}
\`;
`);
