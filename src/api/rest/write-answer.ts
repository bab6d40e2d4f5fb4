import type { FastifyReply } from 'fastify';
import type { WriteOutcome } from '../../documents/document-writer.js';
import { etagOf } from './write-query.js';
import { sendWarnings } from './warning-header.js';

/** The object after the write with its ETag; on a dry run the plan; after a deletion Kubernetes' Success. */
export function answerWrite(reply: FastifyReply, outcome: WriteOutcome): object {
  const { action, object, warnings, plan } = outcome;
  sendWarnings(reply, warnings);
  if (plan)
    return { apiVersion: 'fleetwright.io/v1alpha1', kind: 'WritePlan', dryRun: true, action, warnings, plan, object };
  if (action === 'deleted') return deleted(outcome);
  if (action === 'created') void reply.code(201);
  if (action === 'deleting') void reply.code(202);
  const { resourceVersion } = object.metadata;
  if (resourceVersion !== undefined) void reply.header('etag', etagOf(resourceVersion));
  return object;
}

function deleted({ object }: WriteOutcome): object {
  const { name, uid } = object.metadata;
  return { kind: 'Status', apiVersion: 'v1', status: 'Success', details: { name, kind: object.kind, uid } };
}
