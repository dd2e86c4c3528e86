import { pushButton, setEnabled, type PushButton } from '../shared/controls';
import { make, setText } from '../shared/dom';
import { icon, type IconName } from '../shared/icon';

export type ToolbarAction =
  'duplicate' | 'toggle' | 'remove' | 'up' | 'down' | 'fillSlots' | 'checkHosts' | 'openText';

interface Tool {
  action: ToolbarAction;
  label: string;
  icon: IconName;
  /** With its key. */
  title: string;
}

const groups: readonly (readonly Tool[])[] = [
  [
    { action: 'duplicate', label: 'Duplicate', icon: 'copy', title: 'Copy with the next free name (Ctrl+D)' },
    {
      action: 'toggle',
      label: 'Disable',
      icon: 'slash',
      title: 'Make the line a comment, or a host again (Space)',
    },
    { action: 'remove', label: 'Remove', icon: 'trash', title: 'Take the line out (Delete)' },
    { action: 'up', label: 'Move up', icon: 'up', title: 'Move up (Alt+Up)' },
    { action: 'down', label: 'Move down', icon: 'down', title: 'Move down (Alt+Down)' },
  ],
  [
    {
      action: 'checkHosts',
      label: 'Check hosts',
      icon: 'check',
      title: 'Connect to the hosts and see what they have',
    },
    {
      action: 'fillSlots',
      label: 'Fill slots from GPUs',
      icon: 'fill',
      title: 'Make the slots of each host the number of its GPUs',
    },
    { action: 'openText', label: 'Open as text', icon: 'text', title: 'Show this line in the text' },
  ],
];

/** What may be pressed, and why not. */
export interface ToolbarLook {
  /** Lines are selected. */
  some: boolean;
  /** Among them is an enabled host, a disabled one. */
  enabled: boolean;
  disabled: boolean;
  noCheck: string | null;
  noFill: string | null;
}

/** The buttons over the grid; all of them have a key or stand in the text as well. */
export class Toolbar {
  readonly element = make('div', {
    class: 'toolbar',
    attributes: { role: 'toolbar', 'aria-label': 'Hosts' },
  });
  private readonly buttons = new Map<ToolbarAction, PushButton>();

  constructor(press: (action: ToolbarAction) => void) {
    for (const group of groups) {
      const box = make('div', { class: 'tools' });
      for (const { action, label, icon: name, title } of group) {
        const button = pushButton(label, () => press(action), icon(name));
        button.title = title;
        // Its words are hidden where the page is narrow.
        button.setAttribute('aria-label', label);
        this.buttons.set(action, button);
        box.append(button);
      }
      this.element.append(box);
    }
  }

  show({ some, enabled, disabled, noCheck, noFill }: ToolbarLook): void {
    const can: Record<ToolbarAction, boolean> = {
      duplicate: some,
      toggle: enabled || disabled,
      remove: some,
      up: some,
      down: some,
      fillSlots: noFill === null,
      checkHosts: noCheck === null,
      openText: true,
    };
    for (const { action, title } of groups.flat()) {
      const button = this.buttons.get(action);
      if (button === undefined) continue;
      setEnabled(button, can[action]);
      const reason = action === 'fillSlots' ? noFill : action === 'checkHosts' ? noCheck : null;
      button.title = reason === null ? title : `${title}. ${reason}`;
    }
    const toggle = this.buttons.get('toggle');
    const label = enabled || !disabled ? 'Disable' : 'Enable';
    toggle?.setAttribute('aria-label', label);
    const words = toggle?.querySelector('.button-label');
    if (words != null) setText(words, label);
  }
}
