/**
 * Host and path of a repository's URL in lower case: equal for its web page and for every way to clone it, whatever
 * scheme, user, port, `ssh.` or `altssh.` before the host and `.git` behind (argocd-behaviour.md 7.4). A name after a
 * colon that could be a port gives two readings.
 */
export function repositoryKeys(url: string): readonly string[] {
  const text = url.trim().toLowerCase();
  if (text.length > LONGEST_URL) return [];
  const parsed = FORM.exec(text);
  if (!parsed) return [];
  const [, host = '', port, rest = ''] = parsed;
  const paths = port === undefined ? [rest] : [rest, `${port}/${rest}`];
  return paths.map((path) => `${host}/${pathOf(host, path)}`);
}

/** Whether two URLs may name one repository. */
export function isSameRepository(keys: ReadonlySet<string>, url: string): boolean {
  return repositoryKeys(url).some((key) => keys.has(key));
}

const LONGEST_URL = 2_048;
const FORM = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?(?:(?:alt)?ssh\.)?([^:/@\s]+)(?::(\d+))?[:/]+([^\s?#]+)$/;

/** Azure DevOps alone has another path for SSH: `v3/acme/shop/web` is `acme/shop/_git/web` on the web. */
function pathOf(host: string, path: string): string {
  const plain = path.replace(/\/+$/, '').replace(/\.git$/, '');
  return host === 'dev.azure.com' ? plain.replace(/^v3\/([^/]+)\/([^/]+)\//, '$1/$2/_git/') : plain;
}
