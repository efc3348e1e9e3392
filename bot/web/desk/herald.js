/** What a screen reader hears without the keyboard having moved. */
import { make } from "./dom.js";
import { words } from "./parts.js";
import { t } from "./texts.js";

export class Herald extends HTMLElement {
  connectedCallback() {
    this.className = "unseen";
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
  }

  /** Each call is a node of its own, so that the same words twice are heard twice. */
  tell(text) {
    this.replaceChildren(make("p", {}, text));
  }

  /** @param before the number waiting before, undefined when this is the first count */
  queueGrew(before, now) {
    if (before !== undefined && now > before) this.tell(t("list.new", { count: now }));
  }

  /** What the customer of the open conversation wrote since `before`. */
  customerWrote(before, detail) {
    if (before === null || before.conversation.id !== detail.conversation.id) return;
    const known = new Set(before.messages.map((message) => message.id));
    const fresh = detail.messages.filter(
      ({ id, sender }) => !known.has(id) && sender.kind === "customer",
    );
    if (fresh.length === 0) return;
    const name = detail.customer?.name || t("customer.nameless");
    this.tell(t("thread.announce", { name, text: fresh.map(words).join(" ") }));
  }
}

customElements.define("desk-herald", Herald);
