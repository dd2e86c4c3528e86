import type { Disposable } from './disposable';

export type Listener<T> = (value: T) => void;
/** Subscribes a listener; the result unsubscribes. */
export type Event<T> = (listener: Listener<T>) => Disposable;

/** A list of listeners. A listener that throws does not keep the others from hearing; the first error is rethrown. */
export class Emitter<T> {
  private readonly listeners = new Set<Listener<T>>();

  readonly event: Event<T> = (listener) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  dispose(): void {
    this.listeners.clear();
  }
}
