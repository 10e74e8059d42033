/** As much of a `WebSocket` of `ws`, whichever copy of it, as tells that it is one. */
export interface UpgradedWebSocket {
  readonly readyState: number;
  readonly extensions: string;
  on(event: string, listener: (...values: never[]) => void): unknown;
  pause(): void;
  terminate(): void;
}
