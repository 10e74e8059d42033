// The codec whose peer dependency nobody gets who does not ask for it.
export { msgpack } from './codecs/msgpack.ts';
