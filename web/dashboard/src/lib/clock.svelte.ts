/** The server's time, ticking, so that waiting minutes agree between screens whose own clocks differ. */
class Clock {
  /** Milliseconds since 1970 by the server's clock; moves every five seconds. */
  now = $state(Date.now());
  #offset = 0;

  constructor() {
    setInterval(() => (this.now = Date.now() + this.#offset), 5_000);
  }

  /** HTTP dates are whole seconds: small differences are noise, not a wrong clock. */
  sync(offsetMs: number): void {
    if (Math.abs(offsetMs - this.#offset) < 3_000) return;
    this.#offset = Math.abs(offsetMs) < 3_000 ? 0 : offsetMs;
    this.now = Date.now() + this.#offset;
  }

  /** The server's time at this very moment, for what counts in seconds. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  secondsSince(time: string): number {
    return Math.max(0, Math.floor((this.now - Date.parse(time)) / 1000));
  }
}

export const clock = new Clock();
