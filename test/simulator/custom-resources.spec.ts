import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { STRATEGIC } from '../support/kubernetes-api.js';
import { serveCluster } from '../support/virtual-fleet.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const V1 = '/apis/example.com/v1/namespaces/default/gadgets';
const V2 = '/apis/example.com/v2/namespaces/default/gadgets';

const port = {
  type: 'object',
  required: ['port'],
  properties: { port: { type: 'integer', minimum: 1 }, protocol: { type: 'string', default: 'TCP' } },
};
const openAPIV3Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'string', enum: ['small', 'large'], default: 'small' },
        replicas: { type: 'integer' },
        ports: {
          type: 'array',
          items: port,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' }, replicas: { type: 'integer' } } },
  },
};
const version = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
  additionalPrinterColumns: [{ name: 'Size', type: 'string', jsonPath: '.spec.size' }],
  selectableFields: [{ jsonPath: '.spec.size' }],
};
const definition = (versions: object[] = [version]): KubernetesObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Gadget', plural: 'gadgets' }, versions },
});
const gadget = (spec: object, name = 'a'): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Gadget',
  metadata: { name },
  spec,
});

async function serveGadgets(versions?: object[]) {
  const served = await serveCluster();
  await served.api.post(DEFINITIONS, definition(versions));
  served.timers.advance(1_000);
  return served;
}

describe('custom resources', () => {
  it('lose what their schema does not know, and get its defaults', async () => {
    const { api } = await serveGadgets();
    const { body, headers } = await api.post(V1, gadget({ colour: 'red', free: { any: 1 }, ports: [{ port: 80 }] }));
    expect(body.spec).toEqual({ size: 'small', free: { any: 1 }, ports: [{ port: 80, protocol: 'TCP' }] });
    expect(headers.get('warning')).toBe('299 - "unknown field \\"spec.colour\\""');
  });

  it('are refused with every fault of their values', async () => {
    const { api } = await serveGadgets();
    const { code, body } = await api.post(V1, gadget({ size: 'huge', ports: [{ port: 0 }, {}], replicas: 'two' }));
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect(body.details.causes.map(({ field }: { field: string }) => field).sort()).toEqual([
      'spec.ports[0].port',
      'spec.ports[1].port',
      'spec.replicas',
      'spec.size',
    ]);
    const strict = await api.send('POST', `${V1}?fieldValidation=Strict`, gadget({ colour: 'red' }));
    expect(strict).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
    expect(strict.body.message).toContain('strict decoding error: unknown field "spec.colour"');
  });

  it('merge lists by the keys of their schema, defaults included', async () => {
    const { api } = await serveGadgets();
    await api.apply(`${V1}/a`, gadget({ ports: [{ port: 80 }] }), 'one');
    const { body } = await api.apply(`${V1}/a`, gadget({ ports: [{ port: 443 }] }), 'two');
    expect(body.spec.ports.map((item: { port: number }) => item.port)).toEqual([80, 443]);
  });

  it('take no strategic merge patch, and no replacement that has not seen them', async () => {
    const { api } = await serveGadgets();
    await api.post(V1, gadget({}));
    expect(await api.patch(`${V1}/a`, { spec: {} }, STRATEGIC)).toMatchObject({ code: 415 });
    expect(await api.put(`${V1}/a`, gadget({}))).toMatchObject({ code: 422 });
  });

  it('keep their status for its subresource, and scale where their definition says', async () => {
    const { api } = await serveGadgets();
    await api.post(V1, { ...gadget({ replicas: 1 }), status: { phase: 'Done' } });
    expect((await api.get(`${V1}/a`)).body).not.toHaveProperty('status');
    await api.patch(`${V1}/a/status`, { status: { phase: 'Done', other: 1 }, spec: { replicas: 9 } });
    expect((await api.get(`${V1}/a`)).body).toMatchObject({ spec: { replicas: 1 }, status: { phase: 'Done' } });
    expect((await api.get(`${V1}/a`)).body.status).not.toHaveProperty('other');
    await api.patch(`${V1}/a/scale`, { spec: { replicas: 5 } });
    expect((await api.get(`${V1}/a`)).body.spec.replicas).toBe(5);
  });

  it('are told in every served version, and not in others', async () => {
    const newer = { ...version, name: 'v2', storage: false };
    const { api } = await serveGadgets([version, newer, { ...newer, name: 'v3', served: false }]);
    await api.post(V1, gadget({ size: 'large' }));
    const { body } = await api.get(`${V2}/a`);
    expect(body).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 'large' } });
    expect(await api.patch(`${V2}/a`, { spec: { size: 'small' } })).toMatchObject({ code: 200 });
    expect((await api.get(V1)).body.items[0]).toMatchObject({ apiVersion: 'example.com/v1', spec: { size: 'small' } });
    expect((await api.get(V1.replace('v1', 'v3'))).code).toBe(404);
  });

  it('print the columns and select by the fields that their definition names', async () => {
    const { api } = await serveGadgets();
    await api.post(V1, gadget({ size: 'large' }, 'a'));
    await api.post(V1, gadget({}, 'b'));
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { body } = await api.get(`${V1}?fieldSelector=spec.size%3Dlarge`, { accept });
    expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Size']);
    expect(body.rows.map(({ cells }: { cells: unknown[] }) => cells)).toEqual([['a', 'large']]);
  });

  it('keep rules in CEL as they are written, and are not held to them', async () => {
    const rules = [{ rule: "self.size != 'large'", message: 'too large' }];
    const { spec } = openAPIV3Schema.properties;
    const properties = { ...openAPIV3Schema.properties, spec: { ...spec, 'x-kubernetes-validations': rules } };
    const { api } = await serveGadgets([
      { ...version, schema: { openAPIV3Schema: { ...openAPIV3Schema, properties } } },
    ]);
    const { body } = await api.get(`${DEFINITIONS}/gadgets.example.com`);
    expect(body.spec.versions[0].schema.openAPIV3Schema.properties.spec['x-kubernetes-validations']).toEqual(rules);
    expect((await api.post(V1, gadget({ size: 'large' }))).code).toBe(201);
  });

  it('need a definition of a right name and one stored version', async () => {
    const { api } = await serveCluster();
    const wrong = { ...definition([version, { ...version, name: 'v2' }]), metadata: { name: 'other.example.com' } };
    const { code, body } = await api.post(DEFINITIONS, wrong);
    expect(code).toBe(422);
    expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual(
      ['spec.versions', 'metadata.name'].sort(),
    );
  });
});
