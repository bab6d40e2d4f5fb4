/** What opens a repository over HTTP. */
export type GitCredentials = { username: string; password: string } | { bearerToken: string };
