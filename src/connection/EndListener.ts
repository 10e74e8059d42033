import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Engine } from './Engine.ts';

/** Told of the end of a connection; and of which, so that one function can be told of all. */
export type EndListener = (close: CloseInfo, engine: Engine) => void;
