import { until } from './until.mjs';

/** One run of a line against one subject: what went wrong, and what has to be ended afterwards. */
export class Attempt {
  problems = [];
  /** What it has seen, for the table. */
  note = '';
  #ends = [];

  constructor({ ci, random, isControl = false, controlMs = 400 }) {
    this.ci = ci;
    this.random = random;
    this.isControl = isControl;
    /** How long a control waits for what will not come. */
    this.controlMs = controlMs;
  }

  problem(text) {
    this.failed(text);
    if (this.isControl) throw new Error('a control is over with its first problem');
  }

  /** The same, where there is nobody who could stop. */
  failed(text) {
    // The first few say it all.
    if (this.problems.length < 20) this.problems.push(text);
  }

  check(condition, text) {
    if (!condition) this.problem(text);
    return condition;
  }

  same(got, wanted, what) {
    const [a, b] = [got, wanted].map((value) => JSON.stringify(value) ?? String(value));
    const short = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
    return this.check(a === b, `${what}: ${short(a)} and not ${short(b)}`);
  }

  /** Waits; that it does not come is a problem, and no exception. */
  async sees(condition, what, withinMs) {
    try {
      await until(condition, what, this.isControl ? this.controlMs : withinMs);
    } catch (error) {
      this.problem(error.message);
      return false;
    }
    return true;
  }

  /** Called when the attempt is over, the last one first. */
  after(end) {
    this.#ends.push(end);
    return end;
  }

  async end() {
    const ends = this.#ends.reverse();
    // What they hold is not to be taken for what is left.
    this.#ends = [];
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        this.failed(`the end failed: ${error.message}`);
      }
    }
  }
}
