/** The customer's session with the server: opening, renewing, asking it for things. */

import { countDown, farewell, post, Problem, request, Unreachable, upload } from "./api.js";
import { backoff, Feed, Tabs } from "./feed.js";
import { Memory, subjectOf } from "./memory.js";
import { Outbox } from "./outbox.js";
import { Pictures } from "./pictures.js";
import { Transcript } from "./transcript.js";

/** One customer's conversation with one server, from one tab. */
export class Session {
  transcript = new Transcript();
  /** @type {any} */ welcome = null;
  /** @type {any} */ hours = null;
  /** @type {any} */ shop = null;
  /** @type {any} */ limits = null;
  online = true;
  refused = false;
  /** Seconds until a server that has too much to do is asked again. */ busy = 0;
  pictures = new Pictures((id) =>
    this.#signed((token) => request(this.#url(`uploads/${id}`), { token })));
  /** @type {Outbox} */ outbox;
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
  #ended = new AbortController();

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
    this.#tabs.on("reset", () => {
      // Storage of this tab alone, which the other one could not clear.
      this.#memory.unsent = null;
      if (this.#clear()) news("reset", { here: false });
    });
    this.#tabs.on("seen", () => changed());
    this.outbox = new Outbox({
      transcript: () => this.transcript,
      memory: this.#memory,
      pictures: this.pictures,
      changed,
      post: async (body) =>
        (await this.#signed((token) => post(this.#url("messages"), body, token))).message,
      upload: async (...file) =>
        (await this.#signed((token) => upload(this.#url("uploads"), token, ...file))).upload,
    });
    const { signal } = this.#ended;
    window.addEventListener("online", () => this.#feed?.nudge(), { signal });
    window.addEventListener("offline", () => this.#feed?.drop(), { signal });
    const seen = () => document.hidden || this.#feed?.nudge();
    document.addEventListener("visibilitychange", seen, { signal });
  }

  /** Whether the server knows this browser already. */
  get remembered() {
    return Boolean(this.#memory.session.token);
  }

  /** Whether the conversation is loaded. */
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

  /**
   * Changes the conversation as a whole.
   * @param {"close" | "return-to-bot" | "rating"} how
   * @param {object} [body]
   */
  async change(how, body = {}) {
    const { conversation } = await this.#signed((token) => post(this.#url(how), body, token));
    const news = this.transcript.update(conversation);
    if (news) this.#news(news.type, news.detail);
    this.#changed();
  }

  /** Stops for good, and forgets nothing: the widget leaves the page. */
  stop() {
    this.#clear();
    this.#ended.abort();
    this.#tabs.close();
  }

  #url(path) {
    return new URL(`api/customer/${path}`, this.#base);
  }

  /** Does what needs the token; where the session ran out or was closed, in the next one. */
  async #signed(act) {
    const generation = this.#generation;
    const inSession = async () => {
      await this.start();
      // What one customer said never goes into the conversation of the next.
      if (this.ready && generation === this.#generation) return act(this.#token);
      throw new Unreachable("There is no session to ask in.");
    };
    try {
      return await inSession();
    } catch (error) {
      if (error.status !== 401 && error.slug !== "conversation-closed") throw error;
      if (generation === this.#generation) {
        this.#stale = true;
        await this.#open();
      }
      return inSession();
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
        if (error.status === 429) void this.#showBusy(error.wait);
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
    const url = this.#url("session");
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
    const { welcome, hours, shop, limits = null } = snapshot;
    Object.assign(this, { welcome, hours, shop, limits, refused: false, online: true, busy: 0 });
    if (this.#memory.seen.conversation !== id) {
      this.#memory.seen = { conversation: id, seq: this.transcript.latest };
    }
    if (other || !this.#feed) {
      this.#feed?.close();
      this.#feed = this.#newFeed(id);
      this.#feed.open();
      this.outbox.recover();
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
        transcript.forgetDrafts();
        this.#changed();
        const url = this.#url(`events?after=${transcript.cursor}`);
        return request(url, { token: this.#token, signal });
      },
      onEvent: (event) => {
        const news = transcript.apply(event);
        if (news) this.#news(news.type, news.detail);
        this.outbox.keep();
        this.#changed();
      },
      onBusy: (seconds) => void this.#showBusy(seconds),
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
    Object.assign(this, { online, refused });
    if (back) this.outbox.resume();
    this.#changed();
  }

  async #showBusy(seconds) {
    // A count that is running goes on.
    if (this.busy) return;
    const generation = this.#generation;
    await countDown(seconds, (left) => {
      if (generation !== this.#generation) return;
      this.busy = left;
      this.#changed();
    });
    this.busy = 0;
    this.#changed();
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
    const { token } = this.#memory.session;
    // The token is worth nothing from now on, wherever a copy of it may lie.
    if (token) void farewell(this.#url("leave"), token);
    this.#memory.forget();
    this.#tabs.tell({ kind: "reset" });
    return this.#clear();
  }

  /** @returns {boolean} whether there was anything to clear */
  #clear() {
    const wasReady = this.ready || this.#opening !== null;
    this.#generation += 1;
    this.#feed?.close();
    Object.assign(this, { welcome: null, limits: null, online: true, refused: false, busy: 0 });
    this.#feed = this.#opening = this.#token = this.#identity = null;
    this.outbox.clear();
    this.pictures.forget();
    this.transcript = new Transcript();
    this.#changed();
    return wasReady;
  }
}
