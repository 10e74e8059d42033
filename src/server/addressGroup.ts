/**
 * Who an address counts for: an IPv4 address for itself, also where it is written as IPv6; an IPv6 address for its network of 64
 * bits, which is what one customer gets. What is no address is taken as it is.
 */
export function addressGroup(address: string): string {
  const plain = address.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (!/^[\da-f]*:[\da-f:.]*$/i.test(plain)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  // The last two may be written as an IPv4 address.
  if (groups.length < 7) return address;
  const network = groups.slice(0, 4).map((group) => parseInt(group || '0', 16).toString(16));
  return `${network.join(':')}::/64`;
}
