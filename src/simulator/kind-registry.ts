import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { schemaRules } from '../kubernetes/merge-rules.js';
import { record } from './fill-in.js';
import { apiVersionOf, type KindDefinition } from './kind.js';

/** What a virtual cluster serves: built-in kinds, and those that its CustomResourceDefinitions bring. */
export class KindRegistry {
  private readonly byResource = new Map<string, KindDefinition>();
  private readonly byName = new Map<string, KindDefinition>();

  constructor(builtIn: readonly KindDefinition[]) {
    for (const kind of builtIn) this.add(kind);
  }

  all(): KindDefinition[] {
    return [...this.byResource.values()];
  }

  /** By the parts of a request path. */
  byPath(group: string, version: string, plural: string): KindDefinition | undefined {
    return this.byResource.get(`${group}/${version}/${plural}`);
  }

  /** By a manifest's apiVersion and kind. */
  byKind(apiVersion: string, kind: string): KindDefinition | undefined {
    return this.byName.get(`${apiVersion}/${kind}`);
  }

  /** A kind that every cluster serves. */
  require(apiVersion: string, kind: string): KindDefinition {
    const found = this.byKind(apiVersion, kind);
    if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
    return found;
  }

  /** By group and kind, in whichever version comes first. */
  byGroupKind(group: string, kind: string): KindDefinition | undefined {
    return this.all().find((served) => served.kind === kind && served.group === group);
  }

  /** Serves what a definition describes; a changed definition replaces what it served before. */
  define(definition: KubernetesObject): void {
    this.undefine(definition);
    for (const kind of kindsOf(definition)) this.add(kind);
  }

  undefine(definition: KubernetesObject): void {
    const { group, plural } = namesOf(definition);
    for (const [key, kind] of this.byResource) {
      if (kind.group !== group || kind.plural !== plural) continue;
      this.byResource.delete(key);
      this.byName.delete(`${apiVersionOf(kind)}/${kind.kind}`);
    }
  }

  private add(kind: KindDefinition): void {
    this.byResource.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
    this.byName.set(`${apiVersionOf(kind)}/${kind.kind}`, kind);
  }
}

function namesOf(definition: KubernetesObject): { group: string; plural: string; kind: string; singular: string } {
  const spec = record(definition.spec);
  const names = record(own(spec, 'names'));
  const kind = String(own(names, 'kind') ?? '');
  return {
    group: String(own(spec, 'group') ?? ''),
    plural: String(own(names, 'plural') ?? ''),
    kind,
    singular: String(own(names, 'singular') ?? kind.toLowerCase()),
  };
}

function kindsOf(definition: KubernetesObject): KindDefinition[] {
  const spec = record(definition.spec);
  const names = namesOf(definition);
  const shortNames = own(record(own(spec, 'names')), 'shortNames');
  const versions = own(spec, 'versions');
  if (!Array.isArray(versions)) return [];
  return versions
    .filter((version) => own(record(version), 'served') !== false)
    .map((version) => {
      const { name, schema, subresources } = record(version);
      return {
        ...names,
        version: String(name),
        shortNames: texts(shortNames),
        namespaced: own(spec, 'scope') !== 'Cluster',
        hasStatus: own(record(subresources), 'status') !== undefined,
        hasScale: own(record(subresources), 'scale') !== undefined,
        categories: texts(own(record(own(spec, 'names')), 'categories')),
        hasGeneration: true,
        ...schemaOf(schema),
        ...columnsOf(version),
        ...scaleOf(subresources),
        selectableFields: selectableOf(version),
        rules: schemaRules(own(record(schema), 'openAPIV3Schema')),
      };
    });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

function schemaOf(schema: unknown): Pick<KindDefinition, 'schema'> {
  const found = own(record(schema), 'openAPIV3Schema');
  return isObject(found) ? { schema: found } : {};
}

function columnsOf(version: unknown): Pick<KindDefinition, 'printerColumns'> {
  const columns = own(record(version), 'additionalPrinterColumns');
  if (!Array.isArray(columns)) return {};
  const named = columns.map(record).map(({ name, type, jsonPath, priority }) => ({
    name: String(name),
    type: String(type),
    jsonPath: String(jsonPath),
    priority: Number(priority ?? 0),
  }));
  return { printerColumns: named };
}

function scaleOf(subresources: unknown): Pick<KindDefinition, 'scalePaths'> {
  const scale = own(record(subresources), 'scale');
  if (!isObject(scale)) return {};
  return { scalePaths: { spec: String(scale.specReplicasPath), status: String(scale.statusReplicasPath) } };
}

function selectableOf(version: unknown): string[] {
  const fields = own(record(version), 'selectableFields');
  return (Array.isArray(fields) ? fields : []).map((field) => String(record(field).jsonPath).replace(/^\./, ''));
}
