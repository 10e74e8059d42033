import { MessageChannel, type MessagePort } from 'node:worker_threads';

/**
 * Keeps the process alive while it is held, as sockets do: the timers of a connection do not. Not by a timer, of which fake
 * ones would never see the end.
 */
export class ProcessRef {
  private count = 0;
  private port: MessagePort | undefined;

  /** The result lets go. */
  hold(): () => void {
    if (this.count++ === 0) {
      this.port = new MessageChannel().port1;
      this.port.ref();
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.count > 0) return;
      this.port?.close();
      this.port = undefined;
    };
  }
}
