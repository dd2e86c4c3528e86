/**
 * An error a person can act on. Thrown low, shown once, high: "what failed: why" and the next step.
 * `message` is one sentence without a trailing period; `nextStep` is an imperative sentence.
 */
export class RankwiseError extends Error {
  readonly host: string | undefined;
  readonly nextStep: string | undefined;
  /** Stable code, such as `ssh.hostKeyChanged`, for tests and for choosing a button. */
  readonly code: string;

  constructor(
    code: string,
    message: string,
    details: { host?: string; nextStep?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'RankwiseError';
    this.code = code;
    this.host = details.host;
    this.nextStep = details.nextStep;
  }
}

/** Cancelled by the user: never shown. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** The one line shown to a person: message and next step. Accepts whatever was thrown. */
export function describeError(error: unknown): string {
  if (error instanceof RankwiseError) {
    return error.nextStep === undefined ? error.message : `${error.message}. ${error.nextStep}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Throws {@link Cancelled} when the signal has fired; call after each await of a long operation. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled();
}
