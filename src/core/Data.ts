/**
 * One whole message as it is received: a text (`string`) or a binary payload (`Uint8Array`; in Node a `Buffer`,
 * which is one).
 */
export type Data = string | Uint8Array;

/** What a connection without a codec sends: text, or bytes of any kind (`Buffer`, `ArrayBuffer`, typed arrays). */
export type Sendable = Data | ArrayBuffer | ArrayBufferView;
