/**
 * Replies on their way, per conversation. Each keeps its client_message_id through every retry,
 * so that a reply whose confirmation was lost is not said twice. Survives a reload of the tab.
 */
import { Problem } from "./api.js";

const STORED = "kefu.desk.outbox";
const REFUSED = "policy-stopped";

export class Outbox {
  #api;
  #changed;
  #replies;
  // One chain per conversation: two quick replies arrive in the order they were written.
  #chains = new Map();

  /** @param changed called with (conversationId, problem or null, warnings) after each step */
  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
    this.#replies = restore();
  }

  /** Do what `element` and all inside it ask for. */
  listen(element) {
    element.addEventListener("desk:reply", ({ detail }) => void this.send(detail.id, detail.text));
    element.addEventListener("desk:retry", ({ detail }) => void this.retry(detail.clientMessageId));
    element.addEventListener(
      "desk:override",
      ({ detail }) => void this.override(detail.clientMessageId, detail.reason),
    );
    element.addEventListener("desk:typing", ({ detail }) => void this.#typing(detail));
  }

  /** Replies of a conversation that its messages do not contain yet. */
  of(conversationId, messages) {
    const arrived = new Set(messages.flatMap(({ id, client_message_id: own }) => [id, own]));
    this.#replies = this.#replies.filter(
      (reply) =>
        !arrived.has(reply.clientMessageId) &&
        !(reply.state === "sent" && arrived.has(reply.messageId)),
    );
    this.#keep();
    return this.#replies.filter((reply) => reply.conversationId === conversationId);
  }

  async #typing({ id, on }) {
    try {
      await this.#api.typing(id, on);
    } catch (error) {
      // Only a courtesy: a reply that cannot be sent says so by itself.
      if (!(error instanceof Problem)) throw error;
    }
  }

  send(conversationId, text) {
    const reply = {
      conversationId,
      clientMessageId: uniqueId(),
      text,
      override: null,
      state: "sending",
      problem: null,
    };
    this.#replies.push(reply);
    return this.#queue(reply);
  }

  retry(clientMessageId) {
    const reply = this.#replies.find((waiting) => waiting.clientMessageId === clientMessageId);
    if (!reply || reply.state !== "failed") return Promise.resolve();
    return this.#queue(reply);
  }

  /** Send a refused reply all the same. */
  override(clientMessageId, reason) {
    const reply = this.#replies.find((waiting) => waiting.clientMessageId === clientMessageId);
    if (!reply || reply.state !== "refused") return Promise.resolve();
    // Only what was shown is overridden: what the server finds besides, it will refuse again.
    reply.override = { rules: reply.problem.body.rules, reason };
    return this.#queue(reply);
  }

  /** Remove a failed or refused reply and give back its text. */
  takeBack(clientMessageId) {
    const reply = this.#replies.find((waiting) => waiting.clientMessageId === clientMessageId);
    this.#replies = this.#replies.filter((waiting) => waiting !== reply);
    this.#keep();
    return reply?.text ?? "";
  }

  #queue(reply) {
    reply.state = "sending";
    reply.problem = null;
    this.#step(reply, null);
    const before = this.#chains.get(reply.conversationId) ?? Promise.resolve();
    const after = before.then(() => this.#deliver(reply));
    this.#chains.set(reply.conversationId, after);
    return after;
  }

  async #deliver(reply) {
    try {
      const { conversationId, clientMessageId, text, override } = reply;
      const answer = await this.#api.reply(conversationId, clientMessageId, text, override);
      reply.state = "sent";
      reply.messageId = answer.message.id;
      this.#step(reply, null, answer.warnings ?? []);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      reply.state = error.slug === REFUSED ? "refused" : "failed";
      reply.problem = error;
      this.#step(reply, error);
    }
  }

  #step(reply, problem, warnings = []) {
    this.#keep();
    this.#changed(reply.conversationId, problem, warnings);
  }

  #keep() {
    const kept = this.#replies.map(({ conversationId, clientMessageId, text, override }) => ({
      conversationId,
      clientMessageId,
      text,
      override,
    }));
    if (kept.length === 0) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(kept));
  }
}

/** What a reload interrupted counts as failed: whether it arrived, the conversation will show. */
function restore() {
  const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
  const problem = new Problem({ slug: "network" });
  return stored.map((reply) => ({ ...reply, state: "failed", problem }));
}

// crypto.randomUUID exists only on https and localhost; a desk may run on a plain local network.
function uniqueId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
