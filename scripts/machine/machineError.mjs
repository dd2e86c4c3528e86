/** What this machine lacks, why it matters, and what a person does about it. Printed as two lines, without a stack. */
export class MachineError extends Error {
  /**
   * @param {string} message what failed and why, without a trailing period
   * @param {string} nextStep an imperative sentence
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, nextStep, options) {
    super(message, options);
    this.name = 'MachineError';
    this.nextStep = nextStep;
  }
}

/**
 * Prints an error as a person needs it: message and next step, or the stack where it is a fault of the program.
 * @param {unknown} error
 */
export function reportError(error) {
  if (error instanceof MachineError) console.error(`\n✖ ${error.message}.\n  ${error.nextStep}`);
  else console.error(error);
}
