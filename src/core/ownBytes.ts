/** The same bytes, with memory of their own: a small view may keep alive the whole chunk that was read from a socket. */
export function ownBytes(data: Uint8Array): Uint8Array {
  // Not `data.slice`, which for a Buffer is another view.
  return data.byteLength === data.buffer.byteLength ? data : Uint8Array.prototype.slice.call(data);
}
