import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files of a repository by path, with slashes. */
export type Files = Readonly<Record<string, string>>;

/** The top of the package: two levels up from src/demo and from dist/demo alike. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SEED = join(PACKAGE_ROOT, 'demo', 'seed');
/** How seed files spell the repository, whose address is known only once it is served. */
const REPOSITORY = 'https://git.fleetwright.invalid/fleet.git';
/** How overlay files spell the tenant. */
const TENANT = 'tenant-00';

/** The hub documents in the order in which they are applied, as one YAML text. */
export async function readDocuments(repositoryUrl: string): Promise<string> {
  const files = await readTree(join(SEED, 'documents'));
  const names = Object.keys(files).sort();
  return names.map((name) => files[name]?.replaceAll(REPOSITORY, repositoryUrl)).join('\n---\n');
}

/** The content of the served repository: platform and team services, and an overlay directory for each tenant cluster. */
export async function readRepository(repositoryUrl: string, tenants: readonly string[]): Promise<Files> {
  const files = await readTree(join(SEED, 'repository'));
  const overlay = await readTree(join(SEED, 'overlay'));
  const addressed = Object.entries(files).map(([path, text]) => [path, text.replaceAll(REPOSITORY, repositoryUrl)]);
  const overlays = tenants.flatMap((tenant) =>
    Object.entries(overlay).map(([path, text]) => [overlayPath(tenant, path), text.replaceAll(TENANT, tenant)]),
  );
  return Object.fromEntries([...addressed, ...overlays]) as Files;
}

export function overlayPath(tenant: string, file: string): string {
  return `tenant/overlays/${tenant}/${file}`;
}

async function readTree(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(read)) as Files;
}
