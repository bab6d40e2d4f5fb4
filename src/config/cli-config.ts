/** What the environment says to the command `fleetwright` where a flag does not. */
export interface CliConfig {
  /** The hub's URL. */
  hub?: string;
  /** Paths of files: the token to ask with, and authorities for the hub's certificate. */
  tokenFile?: string;
  caFile?: string;
}

/** A variable that is set to nothing counts as absent. */
export function readCliConfig(environment: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const { FLEETWRIGHT_HUB_URL: hub, FLEETWRIGHT_TOKEN_FILE: tokenFile, FLEETWRIGHT_HUB_CA: caFile } = environment;
  return { ...(hub ? { hub } : {}), ...(tokenFile ? { tokenFile } : {}), ...(caFile ? { caFile } : {}) };
}
