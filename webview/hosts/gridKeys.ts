export type GridAction =
  | { kind: 'line'; by: -1 | 1; page: boolean; extend: boolean }
  | { kind: 'edge'; by: -1 | 1; extend: boolean }
  | { kind: 'column'; by: -1 | 1; far: boolean }
  | { kind: 'move'; by: -1 | 1 }
  /** `typed` is the character that began it. */
  | { kind: 'edit'; typed?: string }
  | { kind: 'toggle' | 'remove' | 'duplicate' | 'all' | 'collapse' };

type Keys = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing'>;

/** What a key means in the grid while no cell is edited; undefined: it is not for the grid. */
export function gridKey(event: Keys): GridAction | undefined {
  const { key, altKey, shiftKey: extend } = event;
  const command = event.ctrlKey || event.metaKey;
  if (altKey) {
    if (key === 'ArrowUp' || key === 'ArrowDown') return { kind: 'move', by: key === 'ArrowUp' ? -1 : 1 };
    return undefined;
  }
  if (command) return commandKey(key, extend);
  switch (key) {
    case 'ArrowUp':
      return { kind: 'line', by: -1, page: false, extend };
    case 'ArrowDown':
      return { kind: 'line', by: 1, page: false, extend };
    case 'PageUp':
      return { kind: 'line', by: -1, page: true, extend };
    case 'PageDown':
      return { kind: 'line', by: 1, page: true, extend };
    case 'ArrowLeft':
      return { kind: 'column', by: -1, far: false };
    case 'ArrowRight':
      return { kind: 'column', by: 1, far: false };
    case 'Home':
      return { kind: 'column', by: -1, far: true };
    case 'End':
      return { kind: 'column', by: 1, far: true };
    case 'Enter':
    case 'F2':
      return { kind: 'edit' };
    case 'Backspace':
      return { kind: 'edit', typed: '' };
    case 'Delete':
      return { kind: 'remove' };
    case ' ':
      return { kind: 'toggle' };
    case 'Escape':
      return { kind: 'collapse' };
    default:
      return key.length === 1 && !event.isComposing ? { kind: 'edit', typed: key } : undefined;
  }
}

function commandKey(key: string, extend: boolean): GridAction | undefined {
  switch (key) {
    case 'Home':
      return { kind: 'edge', by: -1, extend };
    case 'End':
      return { kind: 'edge', by: 1, extend };
    case 'a':
      return { kind: 'all' };
    case 'd':
      return { kind: 'duplicate' };
    default:
      return undefined;
  }
}
