// Something that happens: views listen, and do not know who makes it happen.

export class Signal<Value = void> {
  readonly #listeners: ((value: Value) => void)[] = [];

  // Listens from now on; the first to listen hears first.
  on(listener: (value: Value) => void): void {
    this.#listeners.push(listener);
  }

  emit(value: Value): void {
    for (const listener of this.#listeners) listener(value);
  }
}
