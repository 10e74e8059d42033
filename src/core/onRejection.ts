/** Where a function that should return nothing is `async`: what it rejects with would end the process. */
export function onRejection(returned: unknown, failed: (error: unknown) => void): void {
  if (typeof returned === 'object' && returned !== null && 'then' in returned)
    Promise.resolve(returned).catch(failed);
}
