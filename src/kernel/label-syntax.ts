const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const PREFIX = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const LONGEST_NAME = 63;
const LONGEST_PREFIX = 253;

/** Kubernetes' rule for the keys of labels: a name, behind a DNS subdomain and a slash where it has a prefix. */
export function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  if (parts.length > 1 || name.length > LONGEST_NAME || !NAME.test(name)) return false;
  const [prefix] = parts;
  return prefix === undefined || (prefix.length <= LONGEST_PREFIX && PREFIX.test(prefix));
}

/** Kubernetes' rule for the values of labels; an empty one is valid. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= LONGEST_NAME && NAME.test(value));
}
