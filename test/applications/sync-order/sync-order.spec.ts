import { describe, expect, it } from 'vitest';
import { hookOf } from '../../../src/applications/domain/sync-order/hook-of.js';
import { syncOrder } from '../../../src/applications/domain/sync-order/sync-order.js';
import { waveOf } from '../../../src/applications/domain/sync-order/wave-of.js';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { namespaceObject, widgetDefinition } from '../../support/manifests.js';
import { configMap, deployment, wave } from '../../support/workloads.js';

const order = (objects: KubernetesObject[]) =>
  syncOrder(objects).map(({ wave: number, groups }) => [
    number,
    groups.map((group) => group.map(({ kind, metadata }) => `${kind} ${metadata.name}`)),
  ]);

describe('sync order', () => {
  it('goes by wave, then kind, then name; kinds nobody knows come last', () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } };
    expect(
      order([
        widget,
        deployment('b'),
        deployment('a'),
        configMap('c'),
        configMap('late', {}, wave(5)),
        configMap('first', {}, wave(-1)),
      ]),
    ).toEqual([
      [-1, [['ConfigMap first']]],
      [0, [['ConfigMap c'], ['Deployment a', 'Deployment b'], ['Gadget g']]],
      [5, [['ConfigMap late']]],
    ]);
  });

  it('pulls a namespace before the first object that lives in it', () => {
    const late = { ...namespaceObject('shop'), metadata: { name: 'shop', ...wave(3) } };
    expect(order([late, configMap('c', {}, { namespace: 'shop', ...wave(1) })])).toEqual([
      [1, [['Namespace shop'], ['ConfigMap c']]],
    ]);
  });

  it('pulls a definition before its first instance', () => {
    const definition = widgetDefinition();
    const late = { ...definition, metadata: { ...definition.metadata, ...wave(3) } };
    const instance = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' } };
    expect(order([late, instance])).toEqual([[0, [['CustomResourceDefinition widgets.example.com'], ['Widget one']]]]);
  });

  it.each([
    ['7', 7],
    ['-7', -7],
    ['+7', 7],
    ['seven', 0],
    ['1.5', 0],
    ['', 0],
  ])('reads the wave %j as %i', (text, number) => {
    expect(waveOf({ name: 'one', annotations: { 'argocd.argoproj.io/sync-wave': text } })).toBe(number);
  });

  it('takes the weight of a Helm hook where there is no wave', () => {
    expect(waveOf({ name: 'one', annotations: { 'helm.sh/hook-weight': '4' } })).toBe(4);
  });
});

describe('hooks', () => {
  it.each([
    [{ 'argocd.argoproj.io/hook': 'PreSync,PostSync' }, 'PreSync,PostSync'],
    [{ 'helm.sh/hook': 'post-install' }, 'post-install'],
    [{ 'argocd.argoproj.io/hook': 'Presync' }, 'Presync'],
    [{ 'helm.sh/hook': 'crd-install' }, undefined],
    [{}, undefined],
  ])('are told by %j', (annotations, types) => {
    expect(hookOf({ name: 'one', annotations: annotations as Record<string, string> })).toBe(types);
  });
});
