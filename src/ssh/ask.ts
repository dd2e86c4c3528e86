/** A host key nobody has confirmed yet. */
export interface HostKeyQuestion {
  /** As the user knows it, with the port where it is not 22. */
  host: string;
  /** Such as `ssh-ed25519`. */
  keyType: string;
  /** `SHA256:` and base64 without padding, as OpenSSH prints it. */
  fingerprint: string;
  /** File the key is added to when accepted. */
  knownHostsFile: string;
}

/** Questions to the person. A batch run answers every one with a refusal. */
export interface Ask {
  hostKey(question: HostKeyQuestion): Promise<'accept' | 'reject'>;
}
