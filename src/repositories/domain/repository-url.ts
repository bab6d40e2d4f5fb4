const SCP_STYLE = /^[^@/:\s]+@[^/:\s]+:(?!\/\/)/;
const SSH_USER = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const SSH_HOST = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?$/;

export interface RepositoryLocation {
  /** What git is given: no credentials; of SSH with the user, and in the short form where it was written so. */
  fetchUrl: string;
  /** The same as a URL without user information. */
  address: string;
  /** Equal for the spellings of one repository; keeps the case of the path, which servers may tell apart. */
  key: string;
  /** Lower-case, without the colon: `https`. */
  scheme: string;
  username: string;
  password: string;
}

/** Takes a URL apart so that credentials written into it reach neither argv, disk nor a message. */
export function locateRepository(url: string): RepositoryLocation | undefined {
  const given = url.trim();
  const text = scpToSsh(given);
  if (!URL.canParse(text)) return undefined;
  const parsed = new URL(text);
  const scheme = parsed.protocol.replace(/:$/, '');
  const { username, password } = parsed;
  if (scheme === 'ssh' && !isSafeForSsh(parsed)) return undefined;
  parsed.password = '';
  parsed.hash = '';
  const withUser = parsed.toString();
  parsed.username = '';
  const address = parsed.toString();
  return {
    fetchUrl: scheme !== 'ssh' ? address : text === given ? withUser : given,
    address,
    key: (scheme === 'ssh' ? withUser : address).replace(/\/+$/, '').replace(/\.git$/, ''),
    scheme,
    username: decode(username),
    password: decode(password),
  };
}

/** For messages and logs. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@\s]*@/g, '//');
}

/** An ssh program takes whatever begins with a dash for an option. */
function isSafeForSsh({ username, host }: URL): boolean {
  return (username === '' || SSH_USER.test(username)) && SSH_HOST.test(host);
}

function scpToSsh(url: string): string {
  if (!SCP_STYLE.test(url)) return url;
  return `ssh://${url.replace(':', '/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
