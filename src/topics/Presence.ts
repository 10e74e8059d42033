/** Somebody came to a topic, or left it. */
export interface Presence {
  readonly kind: 'joined' | 'left';
  readonly member: string;
}
