// A widget's model, as anywidget hands it over, with the values that it has.

export interface Model<Values extends object> {
  get<Name extends keyof Values & string>(name: Name): Values[Name];
  set<Name extends keyof Values & string>(name: Name, value: Values[Name]): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}
// biome-ignore lint/suspicious/noExplicitAny: what a message holds is what its sender's types say
type Listener = (content: any, buffers: DataView[]) => void;

export interface Rendered<Values extends object> {
  model: Model<Values>;
  el: HTMLElement;
}

// Listens to some events of a model; gives what ends it.
export function listen<Values extends object>(
  model: Model<Values>,
  heard: Record<string, Listener>,
): () => void {
  for (const [event, listener] of Object.entries(heard)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(heard)) model.off(event, listener);
  };
}
