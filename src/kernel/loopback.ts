/** Whether a host of a URL, or an address to listen on, is this machine and no other: the only place for plain HTTP. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
