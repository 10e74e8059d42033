/** What an engine needs of the connection that it drives. */
export interface EngineHost {
  /** Whom it talks to, for messages: a URL. */
  where(): string;
  /** A function of the user failed; `isTold`: and the peer knows all there is to say, if the error does not tell. */
  report(error: unknown, isTold?: boolean): void;
}
