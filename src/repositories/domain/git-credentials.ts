/** What a repository Secret says of a Git repository beside its URL (argocd-behaviour.md 7.3); kept only sealed. */
export interface GitCredentials {
  username?: string;
  password?: string;
  /** Wins over a password. */
  bearerToken?: string;
  /** In PEM, without a passphrase. */
  sshPrivateKey?: string;
  githubApp?: GithubAppCredentials;
  /** Certificate and key in PEM that the hub shows. */
  certificate?: string;
  key?: string;
  /** Takes any certificate of the server. */
  insecure?: boolean;
  /** Takes any host key of an SSH server. */
  insecureIgnoreHostKey?: boolean;
  proxy?: string;
  /** Hosts that are asked without the proxy, separated by commas. */
  noProxy?: string;
}

export interface GithubAppCredentials {
  id: string;
  /** Empty where GitHub is to be asked for it. */
  installation: string;
  privateKey: string;
  /** Of GitHub Enterprise; empty for github.com. */
  enterpriseBaseUrl: string;
}

/** What git is given to be let in. */
export interface GitAccess extends Omit<GitCredentials, 'githubApp'> {
  /** Certificates in PEM that may vouch for the server, instead of the system's. */
  authorities?: string;
  /** Lines of a known_hosts file; an SSH server that none of them names is refused. */
  knownHosts?: string;
}

/** Whether they let anybody in, or only say how the server is spoken to. */
export function opensGit(credentials: GitCredentials): boolean {
  const { password, bearerToken, sshPrivateKey, githubApp, certificate } = credentials;
  return [password, bearerToken, sshPrivateKey, githubApp, certificate].some((each) => each !== undefined);
}
