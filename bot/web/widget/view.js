/**
 * The conversation on the screen: how an item looks, and the list that is kept up to date.
 *
 * @typedef {{key: string, testid: string, sender: {kind: string, name?: string}, parts: any[],
 *   sources: any[], aiGenerated: boolean, at: string | null, state: string, error?: string,
 *   wait?: number, first: boolean, time: string | null, choices?: any}} Item
 * @typedef {{texts: any, shopName: string, act: {choose: (option: object) => void,
 *   retry: (id: string) => void}}} Surroundings
 */

import { icon, linkTo, make, safeAddress, showMarkup } from "./dom.js";
import { choicesOf } from "./transcript.js";

function textPart(part, item) {
  const rich = part.html && item.sender.kind !== "customer";
  const bubble = make("div", { class: rich ? "bubble" : "bubble plain" });
  if (rich) showMarkup(bubble, part.html, part.text);
  else bubble.textContent = part.text;
  return bubble;
}

function choicesPart(part, item, { act }) {
  const { chosen, open } = item.choices ?? {};
  const buttons = part.options.map((option) =>
    make("li", {}, make("button", {
      type: "button",
      class: "choice",
      "data-testid": "kefu-choice",
      "data-chosen": option.id === chosen,
      "aria-pressed": option.id === chosen && "true",
      disabled: !open,
      text: option.text,
      onclick: () => act.choose(option),
    })),
  );
  return make("div", { class: "choices" },
    part.prompt && make("div", { class: "bubble plain", text: part.prompt }),
    make("ul", { class: "options", "aria-label": part.prompt }, ...buttons),
  );
}

function orderCard(part, _item, { texts }) {
  const link = linkTo(part.url);
  return make("article", { class: "card", "data-testid": "kefu-order-card" },
    make("header", {},
      icon("box"),
      make("strong", { text: part.title }),
      make("span", { class: "state", "data-status": part.status, text: part.status_text }),
    ),
    make("p", { class: "number", text: part.order_id }),
    make("ul", {}, ...(part.lines ?? []).map((text) => make("li", { text }))),
    link.href && make("a", { class: "more", ...link }, texts.viewOrder, icon("arrow")),
  );
}

function productCard(part, _item, { texts }) {
  const link = linkTo(part.url);
  // A shop without photographs may give an emoji instead.
  const isAddress = /[./]/.test(part.image ?? "");
  const image = isAddress ? safeAddress(part.image) : null;
  // A picture that the network or the shop's CSP keeps away leaves no broken frame behind.
  const picture = image &&
    make("img", { src: image, alt: "", loading: "lazy", onerror: () => picture.remove() });
  return make(link.href ? "a" : "article",
    { class: "card product", "data-testid": "kefu-product-card", ...link },
    make("span", { class: "picture" }, (!isAddress && part.image) || icon("box"), picture),
    make("span", { class: "facts" },
      make("strong", { text: part.name }),
      make("span", { text: part.price }),
      link.href && make("span", { class: "more" }, texts.viewProduct, icon("arrow"))),
  );
}

function picturePart(part, _item, { texts }) {
  return make("div", { class: "bubble file" }, icon("image"), part.name || texts.picture);
}

function notePart(part, _item, { texts }) {
  return make("div", { class: "bubble note", text: part.note ?? texts.unreadable });
}

const PARTS = {
  text: textPart,
  choice: textPart,
  choices: choicesPart,
  order_card: orderCard,
  product_card: productCard,
  image: picturePart,
};

function sourceList(sources, texts) {
  return make("div", { class: "sources", "data-testid": "kefu-sources" },
    make("span", { text: texts.sources }),
    make("ol", {}, ...sources.map(({ n, title, source }) =>
      make("li", {}, make("span", { class: "n", text: n }), title,
        source && source !== title && make("span", { class: "from", text: source })))),
  );
}

function whoSpeaks({ sender }, { texts, shopName }) {
  const person = sender.kind === "person";
  const role = person ? texts.agent : texts.bot;
  const name = sender.name || shopName;
  return make("div", { class: "who" },
    make("span", { class: "avatar", "aria-hidden": "true" },
      person ? [...(sender.name || role)][0] : icon("bot")),
    name !== role && make("span", { class: "name", text: name }),
    make("span", { text: role }),
  );
}

function failure({ key, error, wait }, { texts, act }) {
  const reasons = {
    "rate-limited": () => texts.rateLimited(wait),
    "message-too-long": () => texts.tooLong(4000),
  };
  return [
    make("span", { class: "error", text: reasons[error]?.() ?? texts.failed }),
    make("button", {
      type: "button", class: "retry", "data-testid": "kefu-retry", onclick: () => act.retry(key),
    }, icon("retry"), texts.retry),
  ];
}

function meta(item, surroundings) {
  const { texts } = surroundings;
  const said = [];
  if (item.aiGenerated) {
    said.push(make("span", { class: "ai", "data-testid": "kefu-ai", text: texts.aiGenerated }));
  }
  if (item.state === "sending") said.push(texts.sending);
  if (item.state === "failed") said.push(...failure(item, surroundings));
  return said.length > 0 && make("div", { class: "meta" }, ...said);
}

function dots({ sender }, { texts }) {
  const role = sender.kind === "person" ? texts.agent : texts.bot;
  return make("div", { class: "bubble dots" }, make("i"), make("i"), make("i"),
    make("span", { class: "unseen", text: texts.typing(sender.name || role) }));
}

/**
 * Draws a message, a draft or the dots of somebody who is typing.
 * @param {Item} item
 * @param {Surroundings} surroundings
 * @returns {HTMLElement} an li
 */
function renderItem(item, surroundings) {
  const { kind } = item.sender;
  const spoken = kind === "bot" || kind === "person";
  return make("li", {
    class: "item",
    "data-testid": item.testid,
    "data-sender": kind,
    "data-state": item.state,
    "data-first": item.first,
  },
  item.time && make("time", { datetime: item.at, text: item.time }),
  spoken && item.first && whoSpeaks(item, surroundings),
  kind === "customer" && make("span", { class: "unseen", text: surroundings.texts.you }),
  item.key === "typing" && dots(item, surroundings),
  ...item.parts.map((part) => (PARTS[part.type] ?? notePart)(part, item, surroundings)),
  item.sources.length > 0 && sourceList(item.sources, surroundings.texts),
  meta(item, surroundings));
}

const PAUSE_MS = 10 * 60_000;
const NEAR_PX = 80;

/** The time above a message, if a while has passed since the one before. */
function timeAbove(at, before, { locale, texts, now }) {
  if (!at || (before && new Date(at) - new Date(before) < PAUSE_MS)) return null;
  const date = new Date(at);
  const time = date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 864e5);
  if (days < 1) return time;
  const day = date.toLocaleDateString(locale, { month: "short", day: "numeric" });
  return `${days < 2 ? texts.yesterday : day} ${time}`;
}

/** @param {import("./transcript.js").Transcript} transcript @returns {any[]} all, in order */
function itemsOf(transcript) {
  const items = [];
  const add = (key, testid, sender, more) =>
    items.push({ key, testid, sender, parts: [], sources: [], ...more });
  let bot = { kind: "bot" };
  for (const message of transcript.ordered) {
    const { sender, parts, sources = [], ai_generated: aiGenerated, created_at: at } = message;
    const more = { parts, sources, aiGenerated, at, state: "sent" };
    add(message.client_message_id ?? message.id, "kefu-message", sender, more);
    if (sender.kind === "bot") bot = sender;
  }
  for (const [id, unsent] of transcript.unsent) {
    add(id, "kefu-message", { kind: "customer" }, unsent);
  }
  for (const [id, text] of transcript.drafts) {
    add(id, "kefu-draft", bot, { parts: [{ type: "text", text }] });
  }
  if (transcript.typing) add("typing", "kefu-typing", transcript.typing);
  return items;
}

/** The list element and its place in the scrolled area. */
export class Timeline {
  #list = make("ul", { "data-testid": "kefu-list" });
  #scroller;
  #shown = new Map();
  #jump;

  /** @param {HTMLElement} scroller @param {HTMLButtonElement} jump shown for news below */
  constructor(scroller, jump) {
    this.#scroller = scroller;
    this.#jump = jump;
    scroller.append(this.#list);
    scroller.addEventListener("scroll", () => this.#atEnd && (jump.hidden = true));
    jump.addEventListener("click", () => this.toEnd());
  }

  /**
   * Shows the transcript; elements that did not change stay as they are.
   * @param {import("./transcript.js").Transcript} transcript
   * @param {Surroundings & {locale: string, now: Date}} surroundings
   */
  show(transcript, surroundings) {
    const items = itemsOf(transcript);
    const wasAtEnd = this.#atEnd;
    const known = this.#shown;
    this.#place(items, surroundings);
    // Polite only once the history stands, or all of it would be read out.
    if (items.length) this.#list.setAttribute("aria-live", "polite");
    const news = items.filter(({ key }) => key !== "typing" && !known.has(key));
    if (wasAtEnd || news.some(({ sender }) => sender.kind === "customer")) this.toEnd();
    else if (news.length) this.#jump.hidden = false;
  }

  /** Scrolls to the newest message. */
  toEnd() {
    this.#jump.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  get #atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #place(items, surroundings) {
    const choices = choicesOf(items);
    const shown = this.#shown;
    this.#shown = new Map();
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of shown) if (!keys.has(key)) element.remove();
    let spot = this.#list.firstChild;
    let before = null;
    for (const item of items) {
      item.time = timeAbove(item.at, before?.at, surroundings);
      const who = before?.sender;
      item.first = item.time || who?.kind !== item.sender.kind || who.name !== item.sender.name;
      item.choices = choices.get(item.key);
      const known = shown.get(item.key);
      const entry = this.#draw(item, known, surroundings);
      if (known && known.element !== entry.element) {
        if (known.element === spot) spot = entry.element;
        known.element.replaceWith(entry.element);
      }
      if (entry.element === spot) spot = spot.nextSibling;
      else this.#list.insertBefore(entry.element, spot);
      this.#shown.set(item.key, entry);
      before = item;
    }
  }

  #draw(item, known, surroundings) {
    const { testid } = item;
    const look = JSON.stringify([item, surroundings.locale, surroundings.shopName]);
    if (known?.look === look) return known;
    const element = renderItem(item, surroundings);
    // What is new moves in and is read out; what is redrawn stands still and silent.
    if (known) element.classList.add("settled");
    const isNews = testid === "kefu-message" && known?.testid !== testid;
    if (!isNews || item.sender.kind === "customer") element.setAttribute("aria-live", "off");
    // Who pressed a choice by keyboard is not thrown out of the dialog when it is redrawn.
    if (known?.element.contains(known.element.getRootNode().activeElement)) {
      this.#scroller.focus({ preventScroll: true });
    }
    return { look, element, testid };
  }
}
