import { mayLive, thisProcess, type ProcessMark } from '../base/processMark';

/** The process that launches a run. */
export type Preparer = ProcessMark;

/** This process, as whoever launches a run. */
export const thisPreparer = thisProcess;

/** Whether the launch may still go on. One on another machine may, until a person stops the run. */
export const isPreparing = mayLive;
