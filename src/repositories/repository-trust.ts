import { Injectable } from '@nestjs/common';
import { GeneratorConfigSource } from '../expansion/fetchers/generator-config-source.js';
import { own } from '../kernel/json.js';

/** Argo CD's ConfigMaps that say which servers of repositories are the right ones (argocd-behaviour.md 7.3). */
const AUTHORITIES = 'argocd-tls-certs-cm';
const KNOWN_HOSTS = 'argocd-ssh-known-hosts-cm';

/** Whom the servers of repositories may be vouched for by, as platform admins applied it. */
@Injectable()
export class RepositoryTrust {
  constructor(private readonly configs: GeneratorConfigSource) {}

  /** Certificates in PEM for a host; undefined where the system's count. */
  async authorities(hostname: string): Promise<string | undefined> {
    const pem = await this.read(AUTHORITIES, hostname.replace(/^\[|\]$/g, '').toLowerCase());
    return pem?.trim() === '' ? undefined : pem;
  }

  /** Lines of a known_hosts file; empty where nobody vouches for any SSH server. */
  async knownHosts(): Promise<string> {
    const lines = (await this.read(KNOWN_HOSTS, 'ssh_known_hosts')) ?? '';
    return lines === '' ? '' : `${lines.replaceAll('\r\n', '\n').trimEnd()}\n`;
  }

  private async read(name: string, key: string): Promise<string | undefined> {
    const found = await this.configs.configMap(name);
    const text = found.ok ? own(found.value, key) : undefined;
    return typeof text === 'string' ? text : undefined;
  }
}
