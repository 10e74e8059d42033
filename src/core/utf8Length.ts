const encoder = new TextEncoder();
const { Buffer: NodeBuffer } = globalThis as {
  Buffer?: { byteLength(text: string, encoding: 'utf8'): number };
};

/** The bytes that `text` takes in UTF-8; a lone surrogate counts as the replacement character it becomes. */
export const utf8Length: (text: string) => number = NodeBuffer
  ? (text) => NodeBuffer.byteLength(text, 'utf8')
  : (text) => encoder.encode(text).byteLength;
