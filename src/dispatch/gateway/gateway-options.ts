/** Times of the agent protocol; tests shorten them. */
export class GatewayOptions {
  /** Longest silence of a watch stream, and how often the hub looks after its streams. */
  heartbeatMs = 15_000;
}
