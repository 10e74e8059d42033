import type { BusError } from './BusError.ts';
import type { CloseError } from './CloseError.ts';
import type { ConnectionClosedError } from './ConnectionClosedError.ts';
import type { DecodeError } from './DecodeError.ts';
import type { HandshakeError } from './HandshakeError.ts';
import type { InvalidArgumentError } from './InvalidArgumentError.ts';
import type { KeepAliveError } from './KeepAliveError.ts';
import type { ListenError } from './ListenError.ts';
import type { NotSentError } from './NotSentError.ts';
import type { OverflowError } from './OverflowError.ts';
import type { RequestTimeoutError } from './RequestTimeoutError.ts';

/** Every error that this library makes, told apart by `code`. */
export type RxjsWsError =
  | BusError
  | CloseError
  | ConnectionClosedError
  | DecodeError
  | HandshakeError
  | InvalidArgumentError
  | KeepAliveError
  | ListenError
  | NotSentError
  | OverflowError
  | RequestTimeoutError;
