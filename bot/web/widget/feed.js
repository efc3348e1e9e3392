/**
 * The live feed of one conversation, shared by the tabs of one browser.
 *
 * A browser opens about six connections to a server over HTTP/1.1, so one tab leads: it holds a
 * Web Lock, reads the stream and tells the others over a BroadcastChannel. When it closes, the
 * next one gets the lock; when it falls asleep, a visible tab takes the lock away. Where there
 * are no Web Locks (a page without HTTPS) every tab reads for itself.
 */

import { Problem } from "./api.js";

const BEAT_MS = 5_000;
const CONNECT_MS = 20_000;
const LEADER_LOST_MS = 40_000;
// The server sends a comment every 15 s; three missed ones mean a dead line.
const SILENCE_MS = 45_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * The pause before the next try in ms: doubling, with jitter so that a restarted server is not
 * met by everybody in the same second.
 * @param {number} failures so far, at least 1
 * @param {{wait?: number}} [error] may name the seconds to wait
 * @returns {number}
 */
export function backoff(failures, error) {
  const longest = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);
  return Math.max(longest * (0.5 + Math.random() / 2), (error?.wait ?? 0) * 1000);
}

/** A BroadcastChannel that tells kinds of news apart; silent where there are no channels. */
export class Tabs {
  #channel = null;
  #listeners = {};

  /** @param {URL} base address of the server: its tabs belong together */
  constructor(base) {
    if (!window.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(`kefu:${base.href}`);
    this.#channel.onmessage = ({ data }) => this.#listeners[data.kind]?.(data);
  }

  /** @param {string} kind @param {(told: any) => void} listener the only one of this kind */
  on(kind, listener) {
    this.#listeners[kind] = listener;
  }

  /** @param {{kind: string, [more: string]: any}} told */
  tell(told) {
    this.#channel?.postMessage(told);
  }

  /** Says and hears nothing any more. */
  close() {
    this.#channel?.close();
    this.#channel = null;
  }
}

function parse(block) {
  const fields = {};
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)/.exec(line) ?? [];
    if (name) fields[name] = (fields[name] ?? "") + value;
  }
  const { id, event: type, data } = fields;
  if (!data) return null;
  try {
    return { id: id ? Number(id) : undefined, type, data: JSON.parse(data) };
  } catch (error) {
    // One event that cannot be read must not end the conversation.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Reads until the stream ends, falls silent or is aborted. EventSource can send no token. */
async function readEvents(response, line, { onEvent, onAlive }) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let silence;
  let rest = "";
  try {
    for (;;) {
      silence = setTimeout(() => line.abort(), SILENCE_MS);
      onAlive();
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const event of blocks.map(parse)) if (event) onEvent(event);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Reads the events of one conversation until it is closed. */
export class Feed {
  #options;
  #ended = false;
  #line = null;
  #term = null;
  #waiting = null;
  #heardAt = Date.now();
  #beatAt = 0;
  #connectedAt = 0;
  #online = true;
  #wake = () => {};
  #watch;

  /**
   * @param {{conversation: string, tabs: Tabs, cursor: () => number,
   *   connect: (signal: AbortSignal) => Promise<Response>, onEvent: (event: any) => void,
   *   onGap: () => void, onBusy: (seconds: number) => void, onState: (online: boolean) => void,
   *   onRefused: () => void}} options
   */
  constructor(options) {
    this.#options = options;
  }

  /** Starts to read, or to listen to the tab that reads. */
  open() {
    const { tabs, conversation } = this.#options;
    tabs.on("feed", (told) => told.conversation === conversation && this.#hear(told));
    this.#watch = setInterval(() => this.#checkLeader(), BEAT_MS);
    // The leader may have told something between this tab's snapshot and now.
    this.#tell({ hello: true });
    void this.#lead();
  }

  /** Stops for good. */
  close() {
    this.#ended = true;
    this.#waiting?.abort();
    this.#abdicate();
    clearInterval(this.#watch);
  }

  /** The network came back or the page became visible: do not wait out the pause. */
  nudge() {
    if (this.#leading && Date.now() - this.#heardAt > BEAT_MS * 5) this.#line?.abort();
    this.#wake();
    this.#checkLeader();
  }

  /** The browser says that the network is gone: the open stream would never notice. */
  drop() {
    if (!this.#leading) return;
    this.#setOnline(false);
    this.#line?.abort();
  }

  get #leading() {
    return this.#term !== null;
  }

  async #lead(steal = false) {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const name = `kefu:${this.#options.conversation}`;
    // A steal cannot be called off, a place in the line can.
    const how = steal ? { steal } : { signal: waiting.signal };
    const term = {};
    const reign = () => this.#reign(term);
    try {
      await (navigator.locks ? navigator.locks.request(name, how, reign) : reign());
    } catch (error) {
      // Called off, or another tab stole the lock.
      if (error.name !== "AbortError") throw error;
    } finally {
      if (this.#term === term) this.#abdicate();
    }
    if (!this.#ended && !waiting.signal.aborted) void this.#lead();
  }

  #abdicate() {
    this.#term = null;
    this.#line?.abort();
    this.#wake();
    this.#heardAt = Date.now();
  }

  async #reign(term) {
    this.#term = term;
    let failures = 0;
    while (this.#term === term) {
      let failed = null;
      try {
        await this.#read();
      } catch (error) {
        failed = error;
      }
      if (this.#term !== term) return;
      if (failed instanceof Problem && failed.status !== 429) return this.#options.onRefused();
      // A line that held for a while makes up for the failures before it.
      const held = this.#connectedAt && Date.now() - this.#connectedAt > BEAT_MS;
      failures = held ? 1 : failures + 1;
      // An orderly end is a server that restarts; only one that keeps hanging up is a trouble.
      if (failed?.status === 429) this.#options.onBusy(failed.wait);
      else if (failed || failures > 2) this.#setOnline(false);
      await this.#pause(backoff(failures, failed) / (failed ? 1 : 4));
    }
  }

  async #read() {
    const line = new AbortController();
    this.#line = line;
    this.#connectedAt = 0;
    const late = setTimeout(() => line.abort(), CONNECT_MS);
    const response = await this.#options.connect(line.signal).finally(() => clearTimeout(late));
    this.#connectedAt = Date.now();
    this.#setOnline(true);
    await readEvents(response, line, {
      onAlive: () => this.#beat(),
      onEvent: (event) => {
        const previous = this.#options.cursor();
        this.#options.onEvent(event);
        this.#tell({ event, previous });
      },
    });
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }

  #beat() {
    this.#heardAt = Date.now();
    if (this.#heardAt - this.#beatAt < BEAT_MS) return;
    this.#beatAt = this.#heardAt;
    this.#tell({ online: this.#online });
  }

  #setOnline(online) {
    this.#online = online;
    this.#options.onState(online);
    this.#tell({ online });
  }

  #tell(told) {
    const { tabs, conversation, cursor } = this.#options;
    tabs.tell({ kind: "feed", conversation, cursor: cursor(), ...told });
  }

  #hear({ event, previous, cursor, online, hello }) {
    if (this.#ended) return;
    if (this.#leading || hello) {
      if (this.#leading && hello) this.#tell({ online: this.#online });
      return;
    }
    this.#heardAt = Date.now();
    if (online !== undefined) this.#options.onState(online);
    // The leader knew more than this tab does: something was missed while it slept.
    if ((event ? previous : cursor) > this.#options.cursor()) this.#options.onGap();
    else if (event) this.#options.onEvent(event);
  }

  #checkLeader() {
    if (this.#leading || this.#ended || document.hidden) return;
    if (Date.now() - this.#heardAt < LEADER_LOST_MS) return;
    this.#heardAt = Date.now();
    this.#waiting?.abort();
    void this.#lead(true);
  }
}
