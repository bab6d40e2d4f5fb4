import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { DocumentKind } from '../../documents/document-kind.js';

type Paths = OpenAPIObject['paths'];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** One generic route serves all kinds; readers want a path and a schema for each of them. */
export function expandKinds(document: OpenAPIObject, kinds: readonly DocumentKind[]): OpenAPIObject {
  const schemas = Object.assign({}, ...kinds.map(schemasOf)) as Schemas;
  const paths = Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, item]) =>
      path.includes('{kind}') ? kinds.map((kind) => pathOf(path, item, kind)) : [[path, item]],
    ),
  ) as Paths;
  return {
    ...document,
    paths,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...schemas } },
  };
}

interface MadeSchema {
  properties?: object;
  required?: string[];
  definitions?: object;
}

/** The kind's own schema and the named ones it is made of. */
function schemasOf({ names, schema }: DocumentKind): Schemas {
  const made = z.toJSONSchema(schema, { target: 'openapi-3.0', unrepresentable: 'any', io: 'input' });
  const text = JSON.stringify(made).replaceAll('#/definitions/', '#/components/schemas/');
  const { properties, required = [], definitions = {} } = JSON.parse(text) as MadeSchema;
  const document = {
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', ...required],
    properties: {
      apiVersion: { type: 'string', enum: [names.apiVersion] },
      kind: { type: 'string', enum: [names.kind] },
      metadata: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      ...properties,
    },
  };
  return { ...definitions, [names.kind]: document } as Schemas;
}

type Operation = Record<string, unknown> & { operationId?: string; parameters?: { name?: string }[] };

function pathOf(path: string, item: Paths[string], { names }: DocumentKind): [string, unknown] {
  const operations = Object.entries(item as Record<string, Operation>).map(([method, operation]) => [
    method,
    { ...operation, ...namesOf(operation, names.plural), ...bodyOf(method, names.kind), tags: [names.plural] },
  ]);
  return [path.replace('{kind}', names.plural), Object.fromEntries(operations)];
}

function namesOf({ operationId, parameters = [] }: Operation, plural: string): object {
  return {
    operationId: `${operationId ?? ''}_${plural}`,
    parameters: parameters.filter(({ name }) => name !== 'kind'),
  };
}

function bodyOf(method: string, kind: string): object {
  if (method !== 'post' && method !== 'put') return {};
  const schema = { $ref: `#/components/schemas/${kind}` };
  return {
    requestBody: { required: true, content: { 'application/json': { schema }, 'application/yaml': { schema } } },
  };
}
