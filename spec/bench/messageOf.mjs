/** A message of a chat, which is so many bytes of JSON. */
export function messageOf(bytes) {
  const message = { type: 'said', from: 'ada', text: '' };
  return { ...message, text: 'x'.repeat(bytes - JSON.stringify(message).length) };
}
