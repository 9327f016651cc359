// Time that moves when a test says so.

import { setImmediate } from "node:timers";

/** All that is ready to run has run. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export class Clock {
  constructor() {
    this.at = 1_800_000_000_000;
    this.timers = [];
  }

  now() {
    return this.at;
  }

  after(milliseconds, run) {
    const timer = { at: this.at + milliseconds, run };
    this.timers.push(timer);
    return () => this.timers = this.timers.filter((one) => one !== timer);
  }

  /** Milliseconds go by, one timer after the other. */
  async pass(milliseconds) {
    const end = this.at + milliseconds;
    await settled();
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.at = Math.max(this.at, next.at);
      next.run();
      await settled();
    }
    this.at = end;
  }
}
