/** What /ticker sends each second. */
export interface Tick {
  /** ISO 8601, by the server's clock. */
  readonly time: string;
  /** How many connections listen to the ticker. */
  readonly people: number;
}
