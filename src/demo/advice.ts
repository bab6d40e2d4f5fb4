import { OPENAPI_PATH } from '../api/openapi/openapi.js';
import { POLL_SECONDS } from './demo-config.js';
import type { Stage } from './stage.js';
import { NEWCOMER, TENANTS } from './tenants.js';

/** How to look at the hub as its first admin. */
export function loginAdvice(url: string, token: string): string[] {
  return [
    'log in',
    `  export FLEETWRIGHT_TOKEN=${token}`,
    '  curl -H "Authorization: Bearer $FLEETWRIGHT_TOKEN" ' + `${url}/api/v1/whoami`,
  ];
}

/** What to try on a fleet that is alive. */
export function thingsToTry({ hub, fleet, repository }: Stage, kubectl: string): string[] {
  const curl = 'curl -H "Authorization: Bearer $FLEETWRIGHT_TOKEN"';
  const [first = ''] = TENANTS;
  const query = '{"query":"{ rollup(by: CLUSTER) { group total sync { status count } } }"}';
  const labels = '{"metadata":{"labels":{"fleet":"tenant"}}}';
  return [
    'the fleet in one question',
    `  ${curl} -H 'Content-Type: application/json' -d '${query}' ${hub.url}/graphql`,
    'a cluster from inside: delete or edit something and see it come back',
    `  ${kubectl} --server ${fleet.kubectlUrlOf(first)} get deployments -A`,
    `push something of your own: seen within ${POLL_SECONDS} s`,
    `  git clone ${repository.url}`,
    `take ${NEWCOMER} in again`,
    `  ${curl} -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${labels}' ${hub.url}/api/v1/clusters/${NEWCOMER}`,
    `what the API offers: ${hub.url}/${OPENAPI_PATH}`,
  ];
}
