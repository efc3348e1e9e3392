/** The conversation on the screen: a list that is kept up to date, and scrolled. */

import { make } from "./dom.js";
import { renderItem } from "./parts.js";
import { choicesOf, newestOf } from "./transcript.js";

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
  #follows = true;
  #top = 0;

  /** @param {import("./frame.js").Frame} frame */
  constructor({ scroller, content, jump }) {
    this.#scroller = scroller;
    this.#jump = jump;
    content.append(this.#list);
    scroller.addEventListener("scroll", () => {
      // What grows below is scrolled to in a moment; only somebody who reads goes up.
      if (this.#atEnd) this.#follows = jump.hidden = true;
      else if (scroller.scrollTop < this.#top) this.#follows = false;
      this.#top = scroller.scrollTop;
    });
    jump.addEventListener("click", () => this.toEnd());
    // A picture that has come, or a banner, must not push the newest message out of sight.
    const sizes = new ResizeObserver(() => this.#follows && this.toEnd());
    sizes.observe(content);
    sizes.observe(scroller);
  }

  /**
   * Shows the transcript; elements that did not change stay as they are.
   * @param {import("./transcript.js").Transcript} transcript
   * @param {import("./parts.js").Surroundings & {locale: string, now: Date,
   *   goesOn: boolean}} surroundings
   */
  show(transcript, surroundings) {
    const items = itemsOf(transcript);
    const known = this.#shown;
    this.#place(items, surroundings);
    // Polite only once the history stands, or all of it would be read out.
    if (items.length) this.#list.setAttribute("aria-live", "polite");
    const news = items.filter(({ key }) => key !== "typing" && !known.has(key));
    if (this.#follows || news.some(({ sender }) => sender.kind === "customer")) this.toEnd();
    else if (news.length) this.#jump.hidden = false;
  }

  /** Scrolls to the newest message. */
  toEnd() {
    this.#follows = true;
    this.#jump.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  get #atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #place(items, surroundings) {
    const choices = choicesOf(items);
    const newest = newestOf(items);
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
      const offers = item.parts.some(({ type }) => type === "related");
      item.newest = offers && surroundings.goesOn && item.key === newest;
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
    const { testid, progress } = item;
    // A picture on its way grows a bar; it is not drawn anew for that.
    const drawn = { ...item, progress: progress === undefined ? undefined : 0 };
    const look = JSON.stringify([drawn, surroundings.locale, surroundings.shopName]);
    const element = known?.look === look ? known.element : renderItem(item, surroundings);
    const bar = element.querySelector("progress");
    if (bar) bar.value = progress;
    if (known?.look === look) return known;
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
