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

/** Something only the person knows, wanted by a login that is under way. */
export interface SecretQuestion {
  /** As the user knows it, with the port where it is not 22. */
  host: string;
  user: string;
  kind: 'password' | 'passphrase' | 'keyboardInteractive';
  /** One line of ours that names host, user and hop. Nothing that the host said is in it. */
  title: string;
  /** What the host or the last try has to say, without control characters. */
  instructions?: string;
  /** In the order in which the answers are wanted. For `keyboardInteractive` the texts are the host's own words. */
  prompts: readonly { text: string; echo: boolean }[];
  /** Present where the host is only on the way (ProxyJump). `number` counts from this machine, from 1. */
  hop?: { number: number; destination: string };
}

/** Questions to the person. A batch run answers every one with a refusal. */
export interface Ask {
  hostKey(question: HostKeyQuestion): Promise<'accept' | 'reject'>;
  /**
   * Asks for secrets; one question at a time comes from one pool. Answers are not kept.
   * @param signal fires when the answer is of no use any more (the host hung up, the connect was cancelled)
   * @returns an answer for each prompt, or undefined: the person gave the login up
   */
  secret(question: SecretQuestion, signal: AbortSignal): Promise<string[] | undefined>;
}
