/** The list of conversations on the left, with its views. */
import { moment, urgency, waited } from "./clock.js";
import { ask, make } from "./dom.js";
import { label } from "./labels.js";
import { named, t } from "./texts.js";

export const VIEWS = ["queue", "mine", "bot", "tickets", "closed"];

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity };

export class ConversationList extends HTMLElement {
  #clock;
  #items = new Map();
  #views = null;
  #box;
  #empty;
  #ticking = null;

  connectedCallback() {
    this.#ticking = setInterval(() => this.#tick(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
  }

  /** @param state `{view, conversations (null while loading), counts, selected}` */
  show(clock, state) {
    this.#clock = clock;
    if (this.#views === null) this.#build();
    for (const [view, { button, count }] of this.#views) {
      const number = state.counts[view];
      count.textContent = number === undefined ? "" : String(number);
      count.classList.toggle("some", number > 0);
      if (view === state.view) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.#box.setAttribute("aria-label", t("list.label", { view: t(`view.${state.view}`) }));
    this.#fill(state);
  }

  /** Put the keyboard on the chosen conversation, else on the first. */
  focusItem() {
    (this.#box.querySelector("[aria-selected=true]") ?? this.#box.firstElementChild)?.focus();
  }

  /** Forget what was drawn: the language changed. */
  forget() {
    this.#views = null;
    this.#items.clear();
  }

  #build() {
    this.#views = new Map(
      VIEWS.map((view) => {
        const count = make("span", { class: "count", testid: `desk-count-${view}` });
        const button = make(
          "button",
          {
            type: "button",
            testid: `desk-view-${view}`,
            on: { click: () => ask(this, "desk:view", { view }) },
          },
          make("span", {}, t(`view.${view}`)),
          count,
        );
        return [view, { button, count }];
      }),
    );
    this.#box = make("div", {
      role: "listbox",
      class: "items",
      testid: "desk-list",
      on: { keydown: this.#move, click: this.#open },
    });
    this.#empty = make("div", { class: "empty", testid: "desk-empty" });
    this.replaceChildren(
      make(
        "nav",
        { class: "views", "aria-label": t("view.label") },
        [...this.#views.values()].map(({ button }) => button),
      ),
      this.#box,
      this.#empty,
      make("p", { class: "help" }, t("list.help")),
    );
  }

  #fill({ view, conversations, selected }) {
    const loading = conversations === null;
    const focused = this.#box.contains(document.activeElement) ? document.activeElement : null;
    const kept = new Set();
    let place = this.#box.firstElementChild;
    for (const summary of conversations ?? []) {
      const item = this.#item(summary, view);
      kept.add(String(summary.id));
      const chosen = String(summary.id) === selected;
      item.setAttribute("aria-selected", String(chosen));
      if (item === place) place = place.nextElementSibling;
      else this.#box.insertBefore(item, place);
    }
    for (const [id, { node }] of this.#items) {
      if (kept.has(id)) continue;
      node.remove();
      this.#items.delete(id);
    }
    // Moving a node drops its focus.
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
    this.#makeReachable();
    this.#box.hidden = loading || conversations.length === 0;
    this.#empty.hidden = loading || conversations.length > 0;
    this.#empty.replaceChildren(
      make("strong", {}, t(`empty.${view}`)),
      make("p", {}, t(`empty.${view}.hint`)),
    );
    this.#tick();
  }

  /** One stop for Tab: the chosen item, or the first. */
  #makeReachable() {
    const items = [...this.#box.children];
    const stop =
      items.find((item) => item === document.activeElement) ??
      items.find((item) => item.getAttribute("aria-selected") === "true") ??
      items[0];
    for (const item of items) item.tabIndex = item === stop ? 0 : -1;
  }

  #item(summary, view) {
    const id = String(summary.id);
    const drawn = JSON.stringify([view, summary]);
    const known = this.#items.get(id);
    if (known?.drawn === drawn) return known.node;
    const node =
      known?.node ??
      make("div", {
        role: "option",
        class: "item",
        testid: "desk-item",
        "data-id": id,
        tabindex: "-1",
      });
    node.dataset.holder = summary.holder;
    node.lang = summary.locale ?? "";
    node.replaceChildren(...face(summary, view, this.#clock.now()));
    this.#items.set(id, { drawn, node });
    return node;
  }

  #open = (event) => {
    const item = event.target.closest("[data-id]");
    if (item) ask(this, "desk:open", { id: item.dataset.id });
  };

  #move = (event) => {
    const item = event.target.closest("[data-id]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      ask(this, "desk:open", { id: item.dataset.id, enter: true });
      return;
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...this.#box.children];
    const place = Math.min(items.length - 1, Math.max(0, items.indexOf(item) + step));
    items[place].focus();
    items[place].scrollIntoView({ block: "nearest" });
    ask(this, "desk:open", { id: items[place].dataset.id });
  };

  #tick() {
    for (const time of this.querySelectorAll("time[data-since]")) {
      const now = this.#clock.now();
      time.textContent = waited(time.dataset.since, now);
      time.dataset.urgency = urgency(time.dataset.since, now);
    }
  }
}

function face(summary, view, now) {
  const name = summary.customer?.name || t("customer.nameless");
  const last = summary.last_message;
  const ticket = summary.ticket;
  const since = waitingSince(summary);
  const reason = summary.reason ?? ticket?.reason;
  return [
    make(
      "div",
      { class: "row" },
      make("strong", { class: "name" }, name),
      summary.customer?.signed_in &&
        make(
          "span",
          {
            class: "tick",
            title: t("customer.signed_in"),
            "aria-label": t("customer.signed_in"),
            role: "img",
          },
          "✓",
        ),
      make("span", { class: "gap" }),
      since
        ? make("time", { datetime: since, "data-since": since })
        : last && make("time", { datetime: last.created_at }, moment(last.created_at, now)),
    ),
    make(
      "p",
      { class: "last" },
      last && [
        last.sender_kind !== "customer" &&
          make(
            "span",
            { class: "who" },
            t("list.said", { who: named("sender", last.sender_kind) }),
          ),
        last.text,
      ],
    ),
    make(
      "div",
      { class: "row labels" },
      reason && label(reason, summary.reason_text),
      ticket && make("span", { class: "label plain" }, t("list.ticket", { number: ticket.number })),
      view !== "mine" &&
        summary.agent_name &&
        make("span", { class: "label plain" }, t("list.with", { name: summary.agent_name })),
      summary.locale &&
        summary.locale !== "zh-CN" &&
        make("span", { class: "label plain" }, named("locale", summary.locale)),
    ),
  ];
}

/** Since when the customer waits: in the queue, by a ticket, or for the holder's answer. */
function waitingSince({ waiting_since: queued, ticket, holder, last_message: last }) {
  if (queued ?? ticket) return queued ?? ticket.created_at;
  return holder === "agent" && last?.sender_kind === "customer" ? last.created_at : null;
}

customElements.define("desk-list", ConversationList);
