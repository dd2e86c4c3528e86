import type { ViewOptions } from '../../src/protocol/dashboard';
import { isViewOptions } from '../../src/protocol/dashboardGuards';
import { isBoolean, isString, shape } from '../../src/protocol/guard';
import type { Sorting } from './workerTable';

/** What outlives the page: VS Code keeps it while the page is hidden and over a reload of the window. */
export interface SavedState {
  run: string;
  view: ViewOptions;
  sorting: Sorting;
}

const isSavedState = shape<SavedState>({
  run: isString,
  view: isViewOptions,
  sorting: shape<Sorting>({ column: isString, descending: isBoolean }),
});

/** What was kept for this run, or how a run is looked at first. */
export function restoreState(saved: unknown, run: string): SavedState {
  if (isSavedState(saved) && saved.run === run) return saved;
  return {
    run,
    view: { axis: 'step', smoothing: 0, range: null, points: 1000, left: null, right: null, picked: [] },
    sorting: { column: 'worker', descending: false },
  };
}
