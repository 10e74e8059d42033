// What the types of `@msgpack/msgpack` take from the DOM, which is not there in Node.
declare global {
  type BufferSource = ArrayBufferView | ArrayBuffer;
}
export {};
