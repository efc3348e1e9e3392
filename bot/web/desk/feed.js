/** The shop's events, read by fetch: EventSource neither waits politely nor tells a status. */
import { Problem } from "./api.js";

const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
// The server writes a comment every 15 seconds; three missed ones mean a dead connection.
const SILENCE_MS = 45000;

export class Feed {
  #api;
  #after;
  #listeners;
  #stopping = new AbortController();
  #wake = () => {};
  #failures = 0;

  /**
   * @param after the last event known, resumed from by id and never by time
   * @param listeners `{event(type, data), state("live"|"lost"), signedOut()}`
   */
  constructor(api, after, listeners) {
    this.#api = api;
    this.#after = after;
    this.#listeners = listeners;
  }

  async run() {
    const hurry = () => this.#wake();
    addEventListener("online", hurry, { signal: this.#stopping.signal });
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#listen();
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (error instanceof Problem && error.status === 401) {
          this.#listeners.signedOut();
          return;
        }
        if (!disconnected(error)) throw error;
      }
      if (this.#stopping.signal.aborted) return;
      this.#listeners.state("lost");
      await this.#pause();
    }
  }

  stop() {
    this.#stopping.abort();
    this.#wake();
  }

  async #listen() {
    const silence = new AbortController();
    let watch = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const signal = AbortSignal.any([this.#stopping.signal, silence.signal]);
      const response = await this.#api.events(this.#after, signal);
      this.#listeners.state("live");
      const lines = new Lines();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(() => silence.abort(), SILENCE_MS);
        this.#failures = 0;
        for (const event of lines.take(value)) this.#deliver(event);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  #deliver({ id, type, data }) {
    if (id !== null) this.#after = id;
    this.#listeners.event(type, data);
  }

  #pause() {
    const longest = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    // Half fixed, half chance: a restarted server must not meet all desks in the same second.
    const wait = longest / 2 + (Math.random() * longest) / 2;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function disconnected(error) {
  return error instanceof Problem || error instanceof TypeError || error.name === "AbortError";
}

/** Server-sent events out of text that arrives in arbitrary pieces. */
export class Lines {
  #rest = "";
  #event = blank();

  /** The events that `piece` completes. */
  take(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.map((line) => this.#read(line)).filter((event) => event !== null);
  }

  #read(line) {
    if (line === "") {
      const { id, type, data } = this.#event;
      this.#event = blank();
      return data.length > 0 ? { id, type, data: decode(data.join("\n")) } : null;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#event.data.push(value);
    if (field === "event") this.#event.type = value;
    if (field === "id") this.#event.id = value;
    return null;
  }
}

function blank() {
  return { id: null, type: "message", data: [] };
}

function decode(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    // An event we cannot read still says that something changed.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
