/**
 * What this tab knows of the conversation. Pure: no network, no clock, no page. Applying the same
 * news twice changes nothing the second time, so it may come from the stream, from another tab
 * and in answer to a request.
 *
 * @typedef {{kind: "customer" | "bot" | "person" | "system", name?: string}} Sender
 * @typedef {{id: string, seq: number, sender: Sender, parts: any[], sources?: any[],
 *   ai_generated?: boolean, created_at: string, client_message_id?: string}} Message
 * @typedef {{parts: any[], at: string, state: "sending" | "waiting" | "failed",
 *   error?: string, wait?: number, progress?: number}} Unsent
 * @typedef {{id?: number, type: string, data: any}} FeedEvent
 */

/** The conversation as one tab sees it. */
export class Transcript {
  cursor = 0;
  /** @type {any} */ conversation = null;
  /** @type {Map<string, Message>} */ messages = new Map();
  /** @type {Map<string, Unsent>} by client_message_id */ unsent = new Map();
  /** @type {Map<string, string>} texts by reply id */ drafts = new Map();
  /** @type {Sender | null} */ typing = null;
  #withdrawn = new Set();

  /** @param {{conversation: any, messages: Message[], cursor: number}} snapshot */
  load(snapshot) {
    if (this.conversation && this.conversation.id !== snapshot.conversation.id) {
      this.cursor = 0;
      this.conversation = null;
      this.messages.clear();
      this.forgetDrafts();
    }
    for (const message of snapshot.messages) this.store(message);
    if (snapshot.cursor >= this.cursor) {
      this.cursor = snapshot.cursor;
      this.update(snapshot.conversation);
    }
  }

  /** @param {Message} message @returns {boolean} whether it was new */
  store(message) {
    this.unsent.delete(message.client_message_id);
    this.drafts.delete(message.id);
    if (this.typing?.kind === message.sender.kind) this.typing = null;
    const fresh = !this.messages.has(message.id);
    this.messages.set(message.id, message);
    return fresh;
  }

  /**
   * @param {FeedEvent} event
   * @returns {{type: "message" | "handoff", detail: any} | null} what is news to the page
   */
  apply({ id, type, data }) {
    if (id <= this.cursor) return null;
    this.cursor = id ?? this.cursor;
    switch (type) {
      case "message.created":
        return this.store(data.message) ? { type: "message", detail: data.message } : null;
      case "conversation.updated":
        return this.update(data.conversation);
      case "conversation.rated":
        this.conversation = { ...this.conversation, rating: data.rating, may_rate: false };
        break;
      case "draft.delta":
        this.#extend(data);
        break;
      case "draft.withdrawn":
        this.#withdrawn.add(data.reply_id);
        this.drafts.delete(data.reply_id);
        break;
      case "typing":
        this.typing = data.on ? data.sender : null;
    }
    return null;
  }

  /** Deltas are not stored: after a gap in the stream a draft may lack its middle. */
  forgetDrafts() {
    this.drafts.clear();
    this.typing = null;
  }

  /** @returns {Message[]} stored messages in their order */
  get ordered() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** @returns {number} the highest sequence number stored, 0 for none */
  get latest() {
    return this.ordered.at(-1)?.seq ?? 0;
  }

  /** @param {number} seq @returns {number} how many messages of others came after it */
  unread(seq) {
    return this.ordered.filter((one) => one.seq > seq && one.sender.kind !== "customer").length;
  }

  /**
   * @param {any} conversation as the server has it now
   * @returns {{type: "handoff", detail: any} | null} the news if the holder changed
   */
  update(conversation) {
    const before = this.conversation;
    if (conversation.epoch < before?.epoch) return null;
    this.conversation = conversation;
    // Whoever holds the conversation now did not write the drafts of before.
    if (conversation.epoch > before?.epoch) this.forgetDrafts();
    if (!before || before.holder === conversation.holder) return null;
    const { holder, agent_name, queue_position, reason } = conversation;
    return { type: "handoff", detail: { holder, agent_name, queue_position, reason } };
  }

  #extend({ reply_id: id, epoch, text }) {
    const stale = epoch < (this.conversation?.epoch ?? 0);
    if (stale || this.messages.has(id) || this.#withdrawn.has(id)) return;
    this.drafts.set(id, (this.drafts.get(id) ?? "") + text);
    this.typing = null;
  }
}

/**
 * Whether the questions offered with a message still fit: nobody has said anything since.
 * @param {Array<{key: string, sender: Sender}>} items in their order
 * @returns {string | undefined} the key of the newest thing that was said
 */
export function newestOf(items) {
  return items.findLast(({ sender }) => sender.kind !== "system")?.key;
}

/**
 * Which choice was taken, and which questions are still open: only the newest, since an answer to
 * an older one would mean something else.
 * @param {Array<{key: string, sender: Sender, parts: any[]}>} items in their order
 * @returns {Map<string, {chosen: string | null, open: boolean}>} by the key of the asking message
 */
export function choicesOf(items) {
  const states = new Map();
  let asking = {};
  for (const { key, sender, parts } of items) {
    for (const part of parts) {
      if (part.type === "choices") {
        asking.open = false;
        asking = { chosen: null, open: true };
        states.set(key, asking);
      } else if (part.type === "choice" && sender.kind === "customer" && asking.open) {
        asking.chosen = part.id;
        asking.open = false;
      }
    }
  }
  return states;
}
