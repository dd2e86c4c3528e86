import type { Problem } from '../config/problem';

/**
 * What the language services answer, without VS Code. Offsets are UTF-16 units from the start of the text, as editors
 * count. The services are pure and total: whatever the text, they never throw.
 */

/** Replaces `start`–`end` (exclusive) by `text`. The edits of one change do not overlap. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

export interface Completion {
  label: string;
  kind: 'key' | 'value' | 'host' | 'option' | 'reference' | 'file';
  /** A few words beside the label. */
  detail?: string;
  /** Markdown. */
  documentation?: string;
  /** What replaces `start`–`end`. */
  insert: string;
  /** `insert` is in VS Code's snippet syntax (`$1`, `${2:four}`); user text in it is escaped. */
  snippet?: boolean;
  start: number;
  end: number;
  /** One example of what is free to choose: what is typed is not meant to become it. */
  isExample?: boolean;
  /** Orders the list; the label does where it is absent. */
  sort?: string;
}

export interface HoverText {
  start: number;
  end: number;
  /** Text of the user's files in it is escaped. */
  markdown: string;
}

/** A change that mends a problem. */
export interface Fix {
  title: string;
  /** The code of the problem it mends. */
  code: string;
  edits: TextEdit[];
  /** The one fix that is certainly meant; "Fix All" and the keyboard take it. */
  preferred?: boolean;
}

export interface DocumentSymbol {
  name: string;
  detail?: string;
  kind: 'host' | 'cluster' | 'launch' | 'option' | 'section';
  start: number;
  end: number;
  nameStart: number;
  nameEnd: number;
  children?: DocumentSymbol[];
}

/** Lines `startLine`–`endLine` (zero-based, inclusive) that fold into the first. */
export interface FoldingLines {
  startLine: number;
  endLine: number;
  comment?: boolean;
}

/** A word shown in the text at `offset` that is not in the file. */
export interface InlayHint {
  offset: number;
  text: string;
  tooltip?: string;
}

/**
 * What one kind of file offers in an editor. `Context` is what the service is told of the world outside the text:
 * known hosts, the launches that use the file, the facts of a site.
 */
export interface LanguageService<Context> {
  completions: (text: string, offset: number, context: Context) => Completion[];
  hover: (text: string, offset: number, context: Context) => HoverText | undefined;
  symbols: (text: string) => DocumentSymbol[];
  /** Changes that mend one problem found in this very text. Most certain first. */
  fixes: (text: string, problem: Problem, context: Context) => Fix[];
  folding?: (text: string) => FoldingLines[];
  /** Minimal edits that format the text; none if it is formatted. */
  format?: (text: string) => TextEdit[];
  inlayHints?: (text: string, context: Context) => InlayHint[];
}
