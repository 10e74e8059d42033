/** Many topics at once: `*` stands for any characters, none included. */
export interface TopicPattern {
  readonly pattern: string;
}
