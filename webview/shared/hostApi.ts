/** What VS Code gives a webview; callable once per page. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension's side of a page: what is sent and received has types, what is received is checked. */
export interface HostApi<Out, In> {
  post(message: Out): void;
  /** Calls back for each well-formed message; the result ends it. */
  listen(handle: (message: In) => void): () => void;
  /** What an earlier life of this page kept, of unknown shape. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** @param read the protocol's check: undefined for anything that is not a message of it */
export function connectHost<Out, In>(read: (value: unknown) => In | undefined): HostApi<Out, In> {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
    listen(handle) {
      const listener = (event: MessageEvent<unknown>) => {
        const message = read(event.data);
        if (message !== undefined) handle(message);
      };
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    },
  };
}
