const SCP_STYLE = /^[^@/:\s]+@[^/:\s]+:(?!\/\/)/;

export interface RepositoryLocation {
  /** What git is given: no user information. */
  fetchUrl: string;
  /** Equal for the spellings of one repository; keeps the case of the path, which servers may tell apart. */
  key: string;
  /** Lower-case, without the colon: `https`. */
  scheme: string;
  username: string;
  password: string;
}

/** Takes a URL apart so that credentials written into it reach neither argv, disk nor a message. */
export function locateRepository(url: string): RepositoryLocation | undefined {
  const text = scpToSsh(url.trim());
  if (!URL.canParse(text)) return undefined;
  const parsed = new URL(text);
  const { username, password } = parsed;
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  const fetchUrl = parsed.toString();
  return {
    fetchUrl,
    key: fetchUrl.replace(/\/+$/, '').replace(/\.git$/, ''),
    scheme: parsed.protocol.replace(/:$/, ''),
    username: decode(username),
    password: decode(password),
  };
}

/** For messages and logs. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@\s]*@/g, '//');
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
