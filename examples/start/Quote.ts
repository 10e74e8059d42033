/** What /quotes tells. */
export interface Quote {
  readonly symbol: string;
  readonly price: number;
}

/** What it is asked for. */
export interface QuoteWish {
  readonly type: 'subscribe' | 'unsubscribe';
  readonly symbol: string;
}
