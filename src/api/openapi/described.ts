import { applyDecorators } from '@nestjs/common';
import { ApiDefaultResponse, ApiOkResponse, ApiQuery } from '@nestjs/swagger';

const optional = (name: string, description: string, schema: object = { type: 'string' }): MethodDecorator =>
  ApiQuery({ name, description, required: false, schema });

const failure = ApiDefaultResponse({
  description: 'A Kubernetes Status; `details.code` is stable, `details.faults` name fields.',
});

/** Query parameters of every list of documents (list-query.ts). */
export const DescribesList = (): MethodDecorator =>
  applyDecorators(
    optional('limit', 'Page size.', { type: 'integer', minimum: 1, maximum: 500, default: 100 }),
    optional('continue', 'metadata.continue of the page before.'),
    optional('labelSelector', "As kubectl's -l: env=prod,tier in (a,b),!canary"),
    optional('fieldSelector', 'metadata.name, metadata.namespace, spec.project or spec.destination.name, each with =.'),
    failure,
  );

/** Query parameters of a listing without selectors. */
export const DescribesPage = (): MethodDecorator =>
  applyDecorators(
    optional('limit', 'Page size.', { type: 'integer', minimum: 1, maximum: 500, default: 100 }),
    optional('continue', 'metadata.continue of the page before.'),
    failure,
  );

/** Query parameters of every write of a document (write-query.ts). */
export const DescribesWrite = (): MethodDecorator =>
  applyDecorators(
    optional('dryRun', 'Answers the plan and changes nothing.', { type: 'string', enum: ['true', 'false', 'All'] }),
    optional('fieldValidation', 'Whether unknown fields are warnings or faults.', {
      type: 'string',
      enum: ['Warn', 'Strict'],
    }),
    optional('propagationPolicy', 'Of a deletion: Orphan leaves what the object owns, owned by nobody.', {
      type: 'string',
      enum: ['Background', 'Foreground', 'Orphan'],
    }),
    optional('fieldManager', 'Who owns the fields that are set.'),
    failure,
  );

/** Query parameters of a preview (preview.controller.ts). */
export const DescribesPreview = (): MethodDecorator =>
  applyDecorators(
    optional('limit', 'Entries of each list of the plan, for each action apart; plan.more counts the rest.', {
      type: 'integer',
      minimum: 1,
      maximum: 500,
      default: 100,
    }),
    failure,
  );

/** An explanation (explanations.controller.ts). */
export const DescribesExplanation = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({
      description: 'Found out by running the set again; nothing is written.',
      schema: { type: 'object' },
    }),
    failure,
  );

export const DescribesWhyNot = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'cluster', description: 'Name of a Cluster.', required: true, schema: { type: 'string' } }),
    DescribesExplanation(),
  );

/** Query parameters of a diff (revisions.controller.ts). */
export const DescribesDiff = (): MethodDecorator =>
  applyDecorators(
    optional('revision', "A branch, tag or commit in place of the first source's own."),
    optional('revisions', 'One for each source, in their order; empty leaves that as it is.', {
      type: 'array',
      items: { type: 'string' },
    }),
    ApiOkResponse({ description: 'Rendered and compared; nothing is delivered.', schema: { type: 'object' } }),
    failure,
  );
