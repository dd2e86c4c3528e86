/** Four numbers of at most 255. */
export const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/**
 * The name by which Open MPI 4.1.4 knows a host: cut at the first dot unless the C library takes it for an address,
 * all names of this machine the same.
 */
export function openMpiName(host: string): string {
  const address = numericAddress(host);
  if (address === undefined) {
    const dot = host.indexOf('.');
    return dot < 0 ? host : host.slice(0, dot);
  }
  return address === 0x7f_00_00_01 || address === 0 ? 'localhost' : host;
}

/**
 * The number of an IPv4 address as inet_aton(3) reads it: one to four numbers, decimal, octal or hexadecimal, the last
 * filling what is left; undefined for any other text.
 */
function numericAddress(host: string): number | undefined {
  const first = host.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return undefined;
  const parts = host.split('.');
  const last = parts.pop();
  if (last === undefined || parts.length > 3) return undefined;
  let address = 0;
  for (const part of parts) {
    const number = cNumber(part);
    if (number === undefined || number > 255) return undefined;
    address = address * 256 + number;
  }
  const rest = cNumber(last);
  const room = 256 ** (4 - parts.length);
  return rest === undefined || rest >= room ? undefined : address * room + rest;
}

function cNumber(text: string): number | undefined {
  if (text.length > 12) return undefined;
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0|[1-9][0-9]*|0[xX][0-9A-Fa-f]+)$/.test(text) ? Number(text) : undefined;
}

/** Letters before the first digit of a name for which Open MPI 4.1.4 has room; a longer one makes it crash. */
const longestPrefix = 55;

/**
 * Why Open MPI 4.1.4 would refuse a host in a hostfile, as the end of a sentence with the next step; undefined when
 * it takes it.
 */
export function openMpiRefusal(host: string): string | undefined {
  const name = openMpiName(host);
  if (/^[A-Za-z0-9.-]*$/.test(name)) {
    if (name.length <= longestPrefix || name.search(/\d|$/) <= longestPrefix) return undefined;
    return `Open MPI crashes on a host name with more than ${longestPrefix} letters before its first digit. Use the address or another name.`;
  }
  if (name.includes(':'))
    return 'Open MPI cannot take an IPv6 address in a hostfile. Use a name or an IPv4 address.';
  if (name.includes('_')) return 'Open MPI refuses `_` in a host name. Use the address or another name.';
  return `Open MPI takes only letters, digits, \`.\` and \`-\` in a host name, which \`${name}\` is not. Write one host on each line.`;
}

/** As {@link openMpiRefusal}, and for what it would take but change. */
export function openMpiNameProblem(host: string): string | undefined {
  if (/^0\d+$|^\d{10,}$/.test(host))
    return 'Open MPI reads this as a number and changes it. Use the address or another name.';
  return openMpiRefusal(host);
}
