/** Four numbers of at most 255. */
export const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** The name by which Open MPI 4.1.4 knows a host: cut at the first dot, all names of this machine the same. */
export function openMpiName(host: string): string {
  if (host === '127.0.0.1') return 'localhost';
  return ipv4Pattern.test(host) ? host : (host.split('.', 1)[0] ?? host);
}

/**
 * Why Open MPI 4.1.4 would refuse or misread a host in a hostfile, as the end of a sentence with the next step; undefined
 * when it takes it as written.
 */
export function openMpiNameProblem(host: string): string | undefined {
  if (host.includes(':'))
    return 'Open MPI cannot take an IPv6 address in a hostfile. Use a name or an IPv4 address.';
  if (openMpiName(host).includes('_'))
    return 'Open MPI refuses `_` in a host name. Use the address or another name.';
  if (/^0\d*$|^\d{10,}$/.test(host))
    return 'Open MPI reads this as a number and changes it. Use the address or another name.';
  return undefined;
}
