import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applicationSpecSchema } from '../../../src/applications/domain/application.schema.js';
import { APPLICATION_SHAPE } from '../../../src/expansion/application-shape.js';
import type { Shape } from '../../../src/expansion/shape.js';

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
}

/** Paths of all fields, in lists and below them too. */
function fieldsOfShape(shape: Shape, path = ''): string[] {
  if (shape.kind === 'list') return fieldsOfShape(shape.of, path);
  if (shape.kind !== 'object') return [];
  return Object.entries(shape.fields).flatMap(([name, field]) => [
    `${path}.${name}`,
    ...fieldsOfShape(field, `${path}.${name}`),
  ]);
}

function fieldsOfSchema(schema: JsonSchema, root: JsonSchema, path = ''): string[] {
  const { $ref, anyOf = [], items, properties = {} } = schema;
  const named = $ref === undefined ? undefined : root.$defs?.[$ref.split('/').at(-1) ?? ''];
  const same = [...anyOf, ...(items ? [items] : []), ...(named ? [named] : [])];
  return [
    ...same.flatMap((each) => fieldsOfSchema(each, root, path)),
    ...Object.entries(properties).flatMap(([name, field]) => [
      `${path}.${name}`,
      ...fieldsOfSchema(field, root, `${path}.${name}`),
    ]),
  ];
}

describe("an Application's spec", () => {
  it('has the same fields where it is rendered and where it is admitted', () => {
    const schema = z.toJSONSchema(applicationSpecSchema, { io: 'input' }) as JsonSchema;
    const shape = APPLICATION_SHAPE.kind === 'object' ? APPLICATION_SHAPE.fields['spec'] : undefined;
    const rendered = fieldsOfShape(shape!);
    expect(rendered.length).toBeGreaterThan(100);
    expect(rendered.toSorted()).toEqual([...new Set(fieldsOfSchema(schema, schema))].toSorted());
  });
});
