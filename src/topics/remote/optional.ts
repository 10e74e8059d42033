import { BusError } from '../../core/BusError.ts';

/** What is installed beside this library, by who needs it. **Errors with** a `BusError` that says so where it is not there. */
export async function optional<T>(load: () => Promise<T>, needs: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (isMissing(cause)) throw new BusError(needs, { cause });
    throw cause;
  }
}

/** Whether a package is not there: to wait does not help. */
export function isMissing(error: unknown): boolean {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  if (code === 'BUS') return isMissing(cause);
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
