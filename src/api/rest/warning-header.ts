import type { FastifyReply } from 'fastify';

const MOST = 20;
const LONGEST = 256;

/** Warnings as Kubernetes sends them (`299 - "…"`), bounded and safe for a header whatever a document was called. */
export function sendWarnings(reply: FastifyReply, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  const shown = warnings.length > MOST ? [...warnings.slice(0, MOST), `and ${warnings.length - MOST} more`] : warnings;
  void reply.header(
    'warning',
    shown.map((warning) => `299 - "${quotable(warning)}"`),
  );
}

function quotable(text: string): string {
  return text
    .slice(0, LONGEST)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/["\\]/g, (character) => `\\${character}`);
}
