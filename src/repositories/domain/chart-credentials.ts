/** What a repository Secret says of charts beside its URL (argocd-behaviour.md 7.3). */
export interface ChartCredentials {
  username?: string;
  password?: string;
  bearerToken?: string;
  /** Certificate and key in PEM that the hub shows. */
  certificate?: string;
  key?: string;
  /** Takes any certificate of the server. */
  insecure?: boolean;
  /** The registry is asked over plain HTTP. */
  plainHttp?: boolean;
}
