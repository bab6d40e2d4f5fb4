/** Admits agents; its secret is shown once, when it is made. */
export interface JoinToken {
  id: string;
  /** Only clusters whose name starts so may use it; '' admits any name. */
  namePrefix: string;
  /** Set on a Cluster that a join creates, never on one that exists. */
  labels: Record<string, string>;
  uses: number;
  usesLeft: number;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt?: Date;
}

export interface CreatedJoinToken {
  token: JoinToken;
  /** `fwjoin_<secret>`, and `.<pin>` behind it where the hub has an authority of its own; stored nowhere. */
  secret: string;
}
