/** The conversation in the middle: messages, what happened between them, and what can be done. */
import "./composer.js";
import "./trail.js";
import { waited } from "./clock.js";
import { ask, make } from "./dom.js";
import { label } from "./labels.js";
import { eventNode, messageNode, pendingNode } from "./message.js";
import { t } from "./texts.js";

const NEAR_THE_END_PX = 80;

export class Thread extends HTMLElement {
  #nodes = new Map();
  #id = null;
  #head;
  #headDrawn = "";
  #log = null;
  #newer;
  #composer = document.createElement("desk-composer");
  #ticking = null;
  #clock;
  // Whether the end of the conversation is kept in sight when something comes or sizes change.
  #following = true;
  // Refused replies whose warning has been brought to the reader's notice.
  #warned = new Set();
  #sized = new ResizeObserver(() => this.#following && this.#toEnd());

  connectedCallback() {
    this.#ticking = setInterval(() => this.#tick(), 1000);
    // The button that was pressed goes with the refusal.
    this.addEventListener("desk:override", () => this.#composer.focusReply());
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
    this.#sized.disconnect();
  }

  /**
   * @param state `{id, detail (null while loading), pending, me, holds, claim, claiming}`;
   *   id null when nothing is chosen
   */
  show(clock, state) {
    this.#clock = clock;
    const changed = state.id !== this.#id;
    this.#id = state.id;
    if (state.id === null || state.detail === null) {
      this.forget();
      this.replaceChildren(blank(state.id === null));
      return;
    }
    if (!this.#log) this.#build();
    else if (changed) this.#empty();
    this.#drawHead(state);
    this.#drawLog(state);
    this.#composer.show({
      id: state.id,
      holds: state.holds,
      claim: state.claim,
      claiming: state.claiming,
      hint: hint(state),
    });
    this.#tick();
  }

  /** Forget what was drawn: nothing is shown, or the language changed. */
  forget() {
    this.#sized.disconnect();
    this.#log = null;
    this.#nodes.clear();
    this.#composer.forget();
  }

  focusReply() {
    if (this.querySelector("textarea")) this.#composer.focusReply();
    else (this.querySelector("[data-testid=desk-claim]") ?? this.#log)?.focus();
  }

  putBack(id, text) {
    this.#composer.putBack(id, text);
  }

  #build() {
    this.#headDrawn = "";
    this.#head = make("header", { class: "thread-head" });
    this.#log = make("div", {
      class: "log",
      testid: "desk-log",
      role: "region",
      tabindex: "0",
      "aria-label": t("thread.label"),
    });
    const looked = () => {
      // A late event of a log that is gone says nothing.
      if (this.#log === null) return;
      this.#following = this.#atEnd();
      if (this.#following) this.#newer.hidden = true;
    };
    this.#log.addEventListener("scroll", looked);
    // Unfolding a trail moves the end away without scrolling; it does not bubble.
    this.#log.addEventListener("toggle", looked, true);
    this.#sized.observe(this.#log);
    this.#newer = make(
      "button",
      {
        type: "button",
        class: "newer",
        hidden: true,
        on: { click: () => this.#toEnd() },
      },
      `↓ ${t("thread.newer")}`,
    );
    this.replaceChildren(
      this.#head,
      this.#log,
      make("div", { class: "dock" }, this.#newer),
      this.#composer,
    );
  }

  #empty() {
    this.#nodes.clear();
    this.#log.replaceChildren();
    this.#newer.hidden = true;
  }

  #drawHead({ detail, me, holds }) {
    const { conversation, customer } = detail;
    // A button replaced between press and release swallows the click: redraw only what changed.
    const drawn = JSON.stringify([conversation, customer, holds]);
    if (drawn === this.#headDrawn) return;
    this.#headDrawn = drawn;
    const focused = this.#head.contains(document.activeElement)
      ? document.activeElement.dataset.testid
      : null;
    const act = (testid, event, key, look = null) =>
      make(
        "button",
        {
          type: "button",
          testid,
          class: look,
          on: { click: () => ask(this, event) },
        },
        t(key),
      );
    this.#head.replaceChildren(
      make(
        "div",
        { class: "who" },
        // Seen only where there is no room for the list beside the conversation.
        make(
          "button",
          {
            type: "button",
            class: "quiet back",
            testid: "desk-back",
            "aria-label": t("act.back"),
            on: { click: () => ask(this, "desk:open", { id: null }) },
          },
          "‹",
        ),
        make("h2", { title: customer?.name }, customer?.name || t("customer.nameless")),
        make(
          "span",
          {
            class: `holder ${conversation.holder}`,
            testid: "desk-holder",
            "data-holder": conversation.holder,
          },
          holderWords(conversation, me, holds),
        ),
        conversation.holder === "queue" &&
          conversation.waiting_since &&
          make("time", {
            datetime: conversation.waiting_since,
            "data-since": conversation.waiting_since,
          }),
        conversation.reason && label(conversation.reason, conversation.reason_text),
      ),
      make(
        "div",
        { class: "row" },
        holds && act("desk-return", "desk:return", "act.return"),
        holds && act("desk-close", "desk:close", "act.close"),
        act("desk-customer-toggle", "desk:customer", "thread.customer_panel", "quiet"),
      ),
    );
    if (focused) this.#head.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  #drawLog({ detail, pending, me }) {
    const fresh = this.#log.childElementCount === 0;
    const last = this.#log.lastElementChild;
    const now = this.#clock.now();
    const before = new Set(this.#nodes.keys());
    const seen = new Set();
    let place = this.#log.firstElementChild;
    for (const { key, record, draw } of entries(detail, pending, me, now)) {
      seen.add(key);
      const old = this.#nodes.get(key)?.node;
      const node = this.#node(key, record, draw);
      if (old === place) place = node;
      if (node === place) place = place.nextElementSibling;
      else this.#log.insertBefore(node, place);
    }
    for (const [key, { node }] of this.#nodes) {
      if (seen.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    // One's own reply is always worth seeing.
    const said = pending.some(({ clientMessageId }) => !before.has(`p${clientMessageId}`));
    if (fresh || said || this.#following) this.#toEnd();
    else if (this.#log.lastElementChild !== last) this.#newer.hidden = false;
    this.#warn(pending);
  }

  /** A reply was refused: take the keyboard there, unless it is busy with the next one. */
  #warn(pending) {
    const refused = pending.filter(({ state }) => state === "refused");
    for (const { clientMessageId: id } of refused) {
      if (this.#warned.has(id) || this.#composer.busy) continue;
      this.#nodes.get(`p${id}`).node.querySelector("desk-refusal").take();
    }
    this.#warned = new Set(refused.map(({ clientMessageId }) => clientMessageId));
  }

  #node(key, record, draw) {
    const drawn = JSON.stringify(record);
    const known = this.#nodes.get(key);
    if (known?.drawn === drawn) return known.node;
    const node = draw(known?.node.querySelector("desk-trail")?.open ?? false);
    known?.node.replaceWith(node);
    this.#nodes.set(key, { drawn, node });
    return node;
  }

  #atEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END_PX;
  }

  #toEnd() {
    this.#newer.hidden = true;
    this.#following = true;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #tick() {
    const time = this.querySelector(".thread-head time[data-since]");
    if (time)
      time.textContent = t("list.waiting", { time: waited(time.dataset.since, this.#clock.now()) });
  }
}

/** Messages and events in the order they happened, then what is on its way. */
function entries(detail, pending, me, now) {
  const messages = detail.messages.map((message) => ({
    key: `m${message.id}`,
    seq: message.event_seq ?? 0,
    record: message,
    draw: (open) => messageNode(message, { me, now, open }),
  }));
  const events = (detail.events ?? [])
    // What was said against the policy is told beside the message itself.
    .filter((event) => event.text && event.type !== "message.overridden")
    .map((event) => ({
      key: `e${event.id}`,
      seq: event.seq,
      record: event,
      draw: () => eventNode(event, now),
    }));
  // The server numbers both in one series, whatever clocks say; messages too old for a number
  // keep their place at the beginning.
  const merged = [...messages, ...events].sort((a, b) => a.seq - b.seq);
  const waiting = pending.map((reply) => ({
    key: `p${reply.clientMessageId}`,
    record: { state: reply.state, text: reply.text, why: reply.problem?.slug },
    draw: () => pendingNode(reply),
  }));
  const all = [...merged, ...waiting];
  const none = {
    key: "none",
    record: {},
    draw: () => make("p", { class: "event" }, t("thread.empty")),
  };
  return all.length > 0 ? all : [none];
}

function holderWords({ holder, queue_position: place, agent_name: name }, me, holds) {
  if (holder === "agent")
    return holds ? t("holder.agent.you") : t("holder.agent", { name: name ?? "" });
  if (holder === "queue" && place) return t("holder.queue.place", { place });
  return t(`holder.${holder}`);
}

function hint({ detail, claim }) {
  const { holder, agent_name: name } = detail.conversation;
  if (claim === "act.take_ticket") return t("reply.wait.ticket");
  return t(`reply.wait.${holder}`, { name: name ?? "" });
}

function blank(nothingChosen) {
  return make(
    "div",
    { class: "blank" },
    nothingChosen
      ? [make("strong", {}, t("thread.none")), make("p", {}, t("thread.none.hint"))]
      : make("p", {}, t("thread.loading")),
  );
}

customElements.define("desk-thread", Thread);
