/** What the user wrote about reaching one machine; OpenSSH's configuration fills in the rest (see resolve). */
export interface SshTarget {
  /** Name or address as one would give it to `ssh`. */
  host: string;
  user?: string;
  port?: number;
  /** Absolute or `~/` path of a private key; tried before the agent's. */
  identityFile?: string;
  /** `host`, `user@host:port`, or several separated by commas, as in OpenSSH. */
  proxyJump?: string;
  /** The host to jump through, with its own user, port and identity; then there is no `proxyJump`. */
  via?: SshTarget;
  /**
   * Present for hosts that Rankwise itself made (practice): only this known_hosts file and this key are used, and
   * the user's OpenSSH configuration, keys and agent are left alone.
   */
  isolated?: { knownHostsFile: string };
  /** This machine itself, without SSH: commands are processes of this account. `host` is only its name in messages. */
  local?: boolean;
}
