/** The customer's session with the server: opening, renewing, sending, and the live feed. */

import { post, Problem, request, Unreachable } from "./api.js";
import { backoff, Feed, Tabs } from "./feed.js";
import { Memory, subjectOf } from "./memory.js";
import { Transcript } from "./transcript.js";

/** One customer's conversation with one server, from one tab. */
export class Session {
  transcript = new Transcript();
  /** @type {any} */ welcome = null;
  /** @type {any} */ hours = null;
  /** @type {any} */ shop = null;
  online = true;
  refused = false;
  #base;
  #context;
  #changed;
  #news;
  #memory;
  #tabs;
  #feed = null;
  #token = null;
  #identity = null;
  #opening = null;
  #stale = false;
  // Raised when the customer changes: what was on its way for the one before is dropped.
  #generation = 0;
  #line = Promise.resolve();

  /**
   * @param {{base: URL, context: () => {locale: string, page: object}, changed: () => void, news:
   *   (type: "message" | "handoff" | "reset", detail: any) => void}} options
   */
  constructor({ base, context, changed, news }) {
    this.#base = base;
    this.#context = context;
    this.#changed = changed;
    this.#news = news;
    this.#memory = new Memory(base);
    this.#tabs = new Tabs(base);
    this.#tabs.on("session", () => this.#follow());
    this.#tabs.on("reset", () => this.#clear() && news("reset", { here: false }));
    this.#tabs.on("seen", () => changed());
    window.addEventListener("online", () => this.#feed?.nudge());
    window.addEventListener("offline", () => this.#feed?.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.#feed?.nudge());
  }

  /** @returns {boolean} whether the server knows this browser already */
  get remembered() {
    return Boolean(this.#memory.session.token);
  }

  /** @returns {boolean} whether the conversation is loaded */
  get ready() {
    return this.#feed !== null;
  }

  /** @returns {number} messages of others that nobody has looked at, in any tab */
  get unread() {
    const { conversation, seq } = this.#memory.seen;
    const same = conversation === this.transcript.conversation?.id;
    return same ? this.transcript.unread(seq) : 0;
  }

  /** The customer has the conversation before their eyes. */
  markSeen() {
    const { conversation, latest } = this.transcript;
    if (!conversation) return;
    const seen = this.#memory.seen;
    if (seen.conversation === conversation.id && seen.seq >= latest) return;
    this.#memory.seen = { conversation: conversation.id, seq: latest };
    this.#tabs.tell({ kind: "seen" });
  }

  /** Opens the session, or waits until the one being opened is there. @returns {Promise<void>} */
  async start() {
    if (!this.ready) await this.#open();
  }

  /** Tells the server of a new page, language or identity, if it knows this visitor at all. */
  refresh() {
    if (!this.ready && !this.#opening) return;
    this.#stale = true;
    void this.#open();
  }

  /**
   * Says who the customer is; the token comes from the shop's own server.
   * @param {string} identity
   */
  identify(identity) {
    const known = this.#memory.session.subject;
    let wasReady = false;
    // A signed-in customer's conversation is never shown to the next one at the same browser.
    if (known && known !== subjectOf(identity)) wasReady = this.#forget();
    this.#identity = identity;
    this.refresh();
    if (wasReady) void this.start();
  }

  /** Forgets the customer in all tabs. */
  reset() {
    if (this.#forget()) this.#news("reset", { here: true });
  }

  /** Shows a message at once and sends it after those before it. @param {object[]} parts */
  send(parts) {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const at = new Date().toISOString();
    this.transcript.unsent.set(id, { parts, at, state: "sending" });
    this.#queue(id);
  }

  /** @param {string} id of a failed message; it keeps the id, so it is never stored twice */
  retry(id) {
    const item = this.transcript.unsent.get(id);
    if (item?.state !== "failed") return;
    Object.assign(item, { state: "sending", error: undefined });
    this.#queue(id);
  }

  #queue(id) {
    this.#keepUnsent();
    this.#changed();
    const generation = this.#generation;
    this.#line = this.#line.then(() => generation === this.#generation && this.#deliver(id));
  }

  async #deliver(id) {
    const item = this.transcript.unsent.get(id);
    if (!item) return;
    const generation = this.#generation;
    try {
      const message = await this.#post({ client_message_id: id, parts: item.parts });
      if (generation !== this.#generation) return;
      this.transcript.unsent.delete(id);
      this.transcript.store(message);
    } catch (error) {
      if (generation !== this.#generation) return;
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      Object.assign(item, { state: "failed", error: error.slug ?? "network", wait: error.wait });
    }
    this.#keepUnsent();
    this.#changed();
  }

  async #post(body) {
    const url = new URL("api/customer/messages", this.#base);
    await this.start();
    if (!this.ready) throw new Unreachable("There is no session to send in.");
    try {
      return (await post(url, body, this.#token)).message;
    } catch (error) {
      const again = error.status === 401 || error.slug === "conversation-closed";
      if (!again) throw error;
      // The session ran out or the conversation was closed meanwhile: open the next one, and
      // let the customer not notice.
      this.#stale = true;
      await this.#open();
      return (await post(url, body, this.#token)).message;
    }
  }

  #open() {
    if (!this.#opening) {
      // One at a time; a wish that comes meanwhile is granted by one more round.
      const opening = this.#openUntilFresh().finally(() => {
        if (this.#opening === opening) this.#opening = null;
      });
      this.#opening = opening;
    }
    return this.#opening;
  }

  async #openUntilFresh() {
    const generation = this.#generation;
    let failures = 0;
    do {
      this.#stale = false;
      try {
        const snapshot = await this.#fetchSession();
        if (generation !== this.#generation) return;
        this.#adopt(snapshot);
        failures = 0;
      } catch (error) {
        if (generation !== this.#generation) return;
        const passing = error instanceof Unreachable || error.status === 429;
        if (!passing && !(error instanceof Problem)) throw error;
        this.#setState({ online: !(error instanceof Unreachable), refused: !passing });
        // Asking again would be refused again: the customer reads that nobody can be reached.
        if (!passing) return;
        failures += 1;
        this.#stale = true;
        await this.#pause(backoff(failures, error));
      }
    } while (this.#stale && generation === this.#generation);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const now = () => (clearTimeout(timer), resolve());
      window.addEventListener("online", now, { once: true });
    });
  }

  async #fetchSession() {
    const url = new URL("api/customer/session", this.#base);
    const body = { channel: "web", ...this.#context() };
    const { token } = this.#memory.session;
    const identity = this.#identity ?? undefined;
    // The old token may have run out, the identity may have run out, or both.
    for (const attempt of token ? [token, undefined] : [undefined]) {
      try {
        return await post(url, { ...body, identity }, attempt);
      } catch (error) {
        if (error.status !== 401) throw error;
      }
    }
    console.warn("kefu: the server refused the identity given to setUser; going on without it.");
    this.#identity = null;
    return post(url, body);
  }

  #adopt(snapshot) {
    const id = snapshot.conversation.id;
    const other = this.transcript.conversation?.id !== id;
    const { subject: known = null, conversation } = this.#memory.session;
    // Without an identity it is who it was before, unless the old session had run out.
    const subject = this.#identity ? subjectOf(this.#identity) : conversation === id ? known : null;
    this.#token = snapshot.token;
    this.#memory.session = { token: snapshot.token, subject, conversation: id };
    this.transcript.load(snapshot);
    const { welcome, hours, shop } = snapshot;
    Object.assign(this, { welcome, hours, shop, refused: false, online: true });
    if (this.#memory.seen.conversation !== id) {
      this.#memory.seen = { conversation: id, seq: this.transcript.latest };
    }
    if (other || !this.#feed) {
      this.#feed?.close();
      this.#feed = this.#newFeed(id);
      this.#feed.open();
      this.#recoverUnsent();
    }
    if (other) this.#tabs.tell({ kind: "session" });
    this.#changed();
  }

  #newFeed(conversation) {
    const { transcript } = this;
    const feed = new Feed({
      conversation,
      tabs: this.#tabs,
      cursor: () => transcript.cursor,
      connect: (signal) => {
        const url = new URL(`api/customer/events?after=${transcript.cursor}`, this.#base);
        transcript.forgetDrafts();
        this.#changed();
        return request(url, { token: this.#token, signal });
      },
      onEvent: (event) => {
        const news = transcript.apply(event);
        if (news) this.#news(news.type, news.detail);
        this.#keepUnsent();
        this.#changed();
      },
      onGap: () => this.refresh(),
      onState: (online) => this.#setState({ online }),
      onRefused: () => {
        feed.close();
        this.#feed = null;
        void this.start();
      },
    });
    return feed;
  }

  #setState({ online, refused = false }) {
    const back = online && !this.online;
    const same = online === this.online && refused === this.refused;
    Object.assign(this, { online, refused });
    if (back) {
      for (const [id, { error }] of this.transcript.unsent) if (error === "network") this.retry(id);
    }
    if (!same) this.#changed();
  }

  /** Another tab signed in or was given a new conversation. */
  #follow() {
    const { conversation } = this.#memory.session;
    if (!this.ready || conversation === this.transcript.conversation?.id) return;
    // The other tab knows better than this one who sits here.
    this.#identity = null;
    this.refresh();
  }

  #forget() {
    this.#memory.forget();
    this.#tabs.tell({ kind: "reset" });
    return this.#clear();
  }

  /** @returns {boolean} whether there was anything to clear */
  #clear() {
    const wasReady = this.ready || this.#opening !== null;
    this.#generation += 1;
    this.#feed?.close();
    Object.assign(this, { welcome: null, online: true, refused: false });
    this.#feed = this.#opening = this.#token = this.#identity = null;
    this.#line = Promise.resolve();
    this.transcript = new Transcript();
    this.#changed();
    return wasReady;
  }

  #keepUnsent() {
    this.#memory.unsent = [...this.transcript.unsent];
  }

  /** What was on its way when the page was left is stored by now, or offered to be sent again. */
  #recoverUnsent() {
    const { messages, unsent } = this.transcript;
    const stored = new Set([...messages.values()].map((message) => message.client_message_id));
    for (const [id, item] of this.#memory.unsent) {
      if (stored.has(id) || unsent.has(id)) continue;
      unsent.set(id, { ...item, state: "failed", error: "network" });
    }
    this.#keepUnsent();
  }
}
