import type { HostModel } from '../config/model';
import type { LaunchContext } from './launchContext';

/** MXNet takes a name for the name of an interface (`bind failed`): the address, where it is known. */
export function addressOf({ network }: LaunchContext, host: HostModel): string {
  return network?.hosts[host.name]?.address ?? host.peer;
}

/** DMLC_INTERFACE as the launch says, else the interface that the hosts share. */
export function dmlcInterface({ spec, network }: LaunchContext, host: HostModel): Record<string, string> {
  const name = spec.launch.mxnet.interface ?? network?.hosts[host.name]?.interface;
  return name === undefined ? {} : { DMLC_INTERFACE: name };
}
