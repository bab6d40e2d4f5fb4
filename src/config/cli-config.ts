import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the environment says to the command `fleetwright` where a flag does not. */
export interface CliConfig {
  hub: {
    /** Its URL. */
    hub?: string;
    /** Paths of files: the token to ask with, and authorities for the hub's certificate. */
    tokenFile?: string;
    caFile?: string;
  };
  /** Programs that render instead of the bundled ones, and where those are unpacked. */
  tools: { cacheDirectory: string; helmBinary?: string; kubectlBinary?: string };
}

/** A variable that is set to nothing counts as absent. */
export function readCliConfig(environment: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const { FLEETWRIGHT_HUB_URL: hub, FLEETWRIGHT_TOKEN_FILE: tokenFile, FLEETWRIGHT_HUB_CA: caFile } = environment;
  const { HELM_BINARY: helmBinary, KUBECTL_BINARY: kubectlBinary, XDG_CACHE_HOME } = environment;
  const cacheDirectory = join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'fleetwright', 'tools');
  return {
    hub: { ...(hub ? { hub } : {}), ...(tokenFile ? { tokenFile } : {}), ...(caFile ? { caFile } : {}) },
    tools: { cacheDirectory, ...(helmBinary ? { helmBinary } : {}), ...(kubectlBinary ? { kubectlBinary } : {}) },
  };
}
