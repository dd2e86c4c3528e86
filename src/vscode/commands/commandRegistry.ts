import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { CommandId } from '../ids';
import { showFailure } from '../showFailure';

/** The one place where commands are registered: they are logged, their errors shown, and trust is asked for first. */
export class CommandRegistry implements Disposable {
  private readonly store = new DisposableStore();

  constructor(
    private readonly logger: Logger,
    private readonly showLog: () => void,
  ) {}

  /**
   * Registers a command that may connect, start or write something: refused in a workspace that is not trusted.
   * @param what names it in errors, such as `Launch`
   * @param run is given what the row, lens or caller passed, undefined from the palette
   */
  register(id: CommandId, what: string, run: (argument: unknown) => Promise<void>): void {
    this.registerAnywhere(id, what, async (argument) => {
      if (!vscode.workspace.isTrusted) {
        throw new RankwiseError(
          'vscode.untrusted',
          'this workspace is not trusted, so nothing is run for it',
          {
            nextStep: 'Trust the workspace first (command "Workspaces: Manage Workspace Trust").',
          },
        );
      }
      await run(argument);
    });
  }

  /** Registers a command that only shows something. */
  registerAnywhere(id: CommandId, what: string, run: (argument: unknown) => Promise<void>): void {
    const guarded = async (argument: unknown): Promise<void> => {
      this.logger.debug(`command ${id}`);
      try {
        await run(argument);
      } catch (error) {
        if (!(error instanceof Cancelled)) this.logger.error(`${what} failed`, error);
        void showFailure(what, error, this.showLog);
      }
    };
    this.store.add(vscode.commands.registerCommand(id, guarded));
  }

  dispose(): void {
    this.store.dispose();
  }
}
