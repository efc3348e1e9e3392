/** Fetching again what is shown: soon, once for many events, never an older answer over a newer. */
import { Problem } from "./api.js";

const GATHER_MS = 150;
const AGAIN_MS = 5000;

export class Refresh {
  #load;
  #failed;
  #timer = null;
  #running = null;
  #again = false;

  /**
   * @param load async (signal) → void; draws what it fetched
   * @param failed called with the Problem when that did not work
   */
  constructor(load, failed) {
    this.#load = load;
    this.#failed = failed;
  }

  /** Because something happened; a burst of events makes one request. */
  soon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      // Let a request under way finish: under steady traffic, starting over would never end.
      if (this.#running) this.#again = true;
      else this.now();
    }, GATHER_MS);
  }

  /** Because the reader asked for something else: what is under way is dropped. */
  async now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    try {
      await this.#load(mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      this.#failed(error);
      if (error.passing) this.#retry((error.retryAfter ?? 0) * 1000 || AGAIN_MS);
    } finally {
      if (this.#running === mine) this.#finish();
    }
  }

  #retry(wait) {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.now();
    }, wait);
  }

  #finish() {
    this.#running = null;
    if (this.#again) this.soon();
    this.#again = false;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#again = false;
    this.#running?.abort();
  }
}
