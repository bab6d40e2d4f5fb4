/** The one agent of a member cluster, as it joined. */
export interface Agent {
  clusterUid: string;
  /** Name of its Cluster. */
  cluster: string;
  kubeSystemUid: string;
  /** Ed25519, JWK `x`. */
  publicKey: string;
  joinTokenId: string;
  /** Absent until its first start after a join. */
  session?: string;
}
