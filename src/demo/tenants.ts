/** The clusters that are labelled from the start. */
export const TENANTS: readonly string[] = Array.from({ length: 20 }, (_, index) => nameOf(index + 1));
/** Joins with the others and stays without the label until a scene gives it. */
export const NEWCOMER = nameOf(21);

/** By this label clusters are taken into the fleet. */
export const FLEET_LABEL = 'fleet';
const ROLE_ANNOTATION = 'fleetwright.io/aws-role';

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;

/** What an admin writes on a tenant's Cluster; the secret store reads the region and the role. */
export function tenantMetadata(name: string): { labels: Record<string, string>; annotations: Record<string, string> } {
  const number = Number(name.slice(name.lastIndexOf('-') + 1));
  return {
    labels: { [FLEET_LABEL]: 'tenant', tenant: name, region: REGIONS[number % REGIONS.length] ?? REGIONS[0] },
    annotations: { [ROLE_ANNOTATION]: roleOf(name) },
  };
}

export function roleOf(name: string): string {
  return `arn:aws:iam::111122223333:role/${name}-secrets`;
}

function nameOf(number: number): string {
  return `tenant-${String(number).padStart(2, '0')}`;
}
