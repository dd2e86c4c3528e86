import type { Axis, ExportFormat, ViewOptions } from '../../src/protocol/dashboard';
import { axes, exportFormats } from '../../src/protocol/dashboard';
import { pushButton, setEnabled } from '../shared/controls';
import { make, setText } from '../shared/dom';

export interface ToolbarEvents {
  axis(axis: Axis): void;
  smoothing(weight: number): void;
  resetZoom(): void;
  export(format: ExportFormat): void;
}

/** How both charts are drawn, and what can be taken away from them. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly axisButtons = new Map<Axis, HTMLButtonElement>();
  private readonly smoothing: HTMLInputElement;
  private readonly weight = make('output', { class: 'number' });
  private readonly reset;

  constructor(events: ToolbarEvents) {
    const axisGroup = make('div', {
      class: 'segments',
      attributes: { role: 'group', 'aria-label': 'X axis' },
    });
    for (const axis of axes) {
      const button = make('button', { text: axis, on: { click: () => events.axis(axis) } });
      this.axisButtons.set(axis, button);
      axisGroup.append(button);
    }
    this.smoothing = make('input', {
      attributes: { type: 'range', min: '0', max: '0.95', step: '0.05', 'aria-label': 'Smoothing' },
      on: { input: () => events.smoothing(Number(this.smoothing.value)) },
    });
    this.reset = pushButton('Reset zoom', () => events.resetZoom());
    const exports = make('div', { class: 'export', attributes: { role: 'group', 'aria-label': 'Export' } });
    exports.append(
      make('span', { class: 'muted', text: 'export' }),
      ...exportFormats.map((format) => pushButton(format.toUpperCase(), () => events.export(format))),
    );
    this.element = make(
      'div',
      { class: 'toolbar' },
      axisGroup,
      make(
        'label',
        { class: 'smoothing' },
        make('span', { class: 'muted', text: 'smooth' }),
        this.smoothing,
        this.weight,
      ),
      this.reset,
      exports,
    );
  }

  show(axis: Axis, available: readonly Axis[], view: ViewOptions): void {
    for (const [name, button] of this.axisButtons) {
      button.setAttribute('aria-pressed', String(name === axis));
      button.disabled = !available.includes(name);
    }
    this.smoothing.value = String(view.smoothing);
    const weight = view.smoothing === 0 ? 'off' : `${Math.round(view.smoothing * 100)} %`;
    setText(this.weight, weight);
    this.smoothing.setAttribute('aria-valuetext', weight);
    setEnabled(this.reset, view.range !== null);
    this.reset.hidden = view.range === null;
  }
}
