/**
 * What the page of a custom text editor and the extension tell each other. The text of the document is the truth: the
 * page shows pictures of it and asks for one change after the other, each made for the version that it shows.
 */
import {
  isNumber,
  isString,
  nullOr,
  oneOf,
  readMessage,
  shape,
  type Guard,
  type MessageTable,
} from './guard';

/** Zero-based line and UTF-16 character. */
export interface TextPlace {
  line: number;
  character: number;
}

/**
 * @typeParam Edit a change of the text
 * @typeParam Ask anything that changes nothing in it
 */
export type EditorToExtension<Edit, Ask> =
  /** The page is loaded and wants a snapshot. */
  | { type: 'ready' }
  /** `version` is that of the snapshot which the change was made for. The answer follows the snapshot of its result. */
  | { type: 'edit'; version: number; edit: Edit }
  /** Show the text, at a place of it. */
  | { type: 'openText'; at: TextPlace | null }
  | { type: 'ask'; ask: Ask };

export const outcomes = ['done', 'outdated', 'refused'] as const;
/** `outdated`: the text had changed meanwhile, nothing was written. `refused`: the message says why. */
export type Outcome = (typeof outcomes)[number];

export type EditorToPage<State> =
  | { type: 'snapshot'; version: number; state: State }
  /** To each edit one, in their order. `message` may be empty. */
  | { type: 'answer'; outcome: Outcome; message: string };

/** The check of what a page of an editor sends. */
export function editorToExtension<Edit, Ask>(
  isEdit: Guard<Edit>,
  isAsk: Guard<Ask>,
): (value: unknown) => EditorToExtension<Edit, Ask> | undefined {
  const isPlace = shape<TextPlace>({ line: isNumber, character: isNumber });
  const table: MessageTable<EditorToExtension<Edit, Ask>> = {
    ready: shape({}),
    edit: shape<{ version: number; edit: Edit }>({ version: isNumber, edit: isEdit }),
    openText: shape<{ at: TextPlace | null }>({ at: nullOr(isPlace) }),
    ask: shape<{ ask: Ask }>({ ask: isAsk }),
  };
  return (value) => readMessage<EditorToExtension<Edit, Ask>>(table, value);
}

/** The check of what a page of an editor is sent. */
export function editorToPage<State>(
  isState: Guard<State>,
): (value: unknown) => EditorToPage<State> | undefined {
  const table: MessageTable<EditorToPage<State>> = {
    snapshot: shape<{ version: number; state: State }>({ version: isNumber, state: isState }),
    answer: shape<{ outcome: Outcome; message: string }>({ outcome: oneOf(outcomes), message: isString }),
  };
  return (value) => readMessage<EditorToPage<State>>(table, value);
}
