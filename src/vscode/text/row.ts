import type { RowContext } from '../ids';

/** What a tree row shows; turned into a TreeItem by the trees, compared in tests. */
export interface Row {
  label: string;
  description: string;
  /** Markdown is not interpreted. */
  tooltip: string;
  icon: RowIcon;
  contextValue?: RowContext;
}

/** A codicon id and, where the meaning has one, a theme colour id. */
export interface RowIcon {
  id: string;
  color?: string;
}
