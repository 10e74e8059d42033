interface Asked<T> {
  resolve(item: T): void;
  reject(error: Error): void;
}

/** What arrives, to be asked for one by one, before or after it is there. */
export class Inbox<T> {
  private readonly items: T[] = [];
  private readonly asked: Asked<T>[] = [];
  private failure: Error | undefined;

  push(item: T): void {
    const first = this.asked.shift();
    if (first) first.resolve(item);
    else this.items.push(item);
  }

  /** Nothing more arrives. */
  fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.asked.splice(0)) reject(error);
  }

  next(): Promise<T> {
    if (this.items.length > 0) return Promise.resolve(this.items.shift()!);
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => this.asked.push({ resolve, reject }));
  }
}
