/** 128 random bits as 32 hexadecimal digits. Not `randomUUID`, which a page without HTTPS has not. */
export function uniqueId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
