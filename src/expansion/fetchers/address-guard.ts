import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What names a machine of this network, or none at all. */
const PRIVATE: readonly string[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::/96',
  'fc00::/7',
  'fec0::/10',
];

/** Never a service that a person may mean: metadata services of clouds stand here. */
const NEVER: readonly string[] = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::ffff:0:0:0/96',
  '2001::/32',
  '2001:db8::/32',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  'fe80::/10',
  'ff00::/8',
];

const privateList = blockList(PRIVATE);
const neverList = blockList(NEVER);

/** Code of the error that a guarded lookup fails with. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

/** Whether a remote input may be asked at this IP address. */
export function mayConnect(address: string, allowPrivate: boolean): boolean {
  const plain = withoutMapping(address);
  if (isIP(plain) === 0) return false;
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  if (neverList.check(plain, family)) return false;
  return allowPrivate || !privateList.check(plain, family);
}

/** Resolves names for a socket; the address that was judged is the one connected to, whatever the name says later. */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => mayConnect(address, allowPrivate))) {
        return callback(
          Object.assign(new Error(`${hostname} has an address that is refused`), { code: ADDRESS_REFUSED }),
          '',
          0,
        );
      }
      if (options.all) (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** `::ffff:10.0.0.1`, also in hex, is the IPv4 address in it. */
function withoutMapping(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '');
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(bare);
  if (!mapped) return bare;
  const [, dotted, high = '', low = ''] = mapped;
  if (dotted !== undefined) return dotted;
  const bytes = [parseInt(high, 16), parseInt(low, 16)].flatMap((part) => [part >> 8, part & 255]);
  return bytes.join('.');
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits = ''] = subnet.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
