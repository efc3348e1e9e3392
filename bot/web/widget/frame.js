/** The parts that stand still: launcher, header, banners, and the scrolled area. */

import { icon, make, showMarkup } from "./dom.js";

/** Writing the same words again would have them read again. */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Builds the static elements once and fills in what changes. */
export class Frame {
  #unread = make("span", { class: "unread", "data-testid": "kefu-unread", hidden: true });
  launcher = make("button", {
    type: "button", class: "launcher", "data-testid": "kefu-launcher", "aria-expanded": "false",
  }, icon("chat"), this.#unread);
  closer = make("button", { type: "button", class: "plain-button", "data-testid": "kefu-close" },
    icon("close"));
  jump = make("button", {
    type: "button", class: "jump", "data-testid": "kefu-jump", hidden: true,
  });
  content = make("div");
  scroller = make("div", { class: "scroller", tabindex: "0", role: "region" }, this.content);
  #title = make("h2", { id: "title" });
  #hours = make("p", { class: "hours", "data-testid": "kefu-hours", hidden: true });
  #waiting = make("span", { role: "status" });
  #bot = make("button", { type: "button", class: "link", "data-testid": "kefu-return-to-bot" });
  #status = make("div", { class: "banner status", "data-testid": "kefu-status", hidden: true },
    this.#waiting, this.#bot);
  #connection = make("div", {
    class: "banner connection", "data-testid": "kefu-connection", role: "status", hidden: true,
  });
  #welcome = make("div", { class: "welcome", "data-testid": "kefu-welcome", hidden: true });
  #suggestions = make("div", { class: "suggestions", role: "group", hidden: true });
  #viewer = make("dialog", {
    class: "viewer", "data-testid": "kefu-viewer",
    // Closes the picture, not the chat below it.
    onkeydown: (event) => event.stopPropagation(),
    onclick: () => this.#viewer.close(),
  }, make("button", { type: "button", class: "plain-button" }, icon("close")), make("img"));
  panel;

  /** @param {HTMLElement} composer @param {() => void} onBot the customer waits no longer */
  constructor(composer, onBot) {
    this.#bot.addEventListener("click", onBot);
    this.content.append(this.#welcome, this.#suggestions);
    this.panel = make("section", {
      class: "panel",
      role: "dialog",
      tabindex: "-1",
      "aria-labelledby": "title",
      "data-testid": "kefu-panel",
      hidden: true,
    },
    make("div", { class: "head" },
      make("span", { class: "mark", "aria-hidden": "true" }, icon("chat")),
      make("div", { class: "heading" }, this.#title, this.#hours),
      this.closer),
    this.#connection,
    this.#status,
    make("div", { class: "middle" }, this.scroller, this.jump),
    composer,
    this.#viewer);
  }

  /** @param {any} texts @param {string} shopName */
  speak(texts, shopName) {
    this.#title.textContent = texts.panel(shopName);
    this.closer.setAttribute("aria-label", texts.close);
    this.closer.title = texts.close;
    this.scroller.setAttribute("aria-label", texts.history);
    this.#suggestions.setAttribute("aria-label", texts.questions);
    this.jump.replaceChildren(icon("down"), texts.newMessages);
    this.#bot.textContent = texts.returnToBot;
    this.#viewer.firstChild.setAttribute("aria-label", texts.closePicture);
  }

  /** Shows a picture as large as the window. @param {HTMLImageElement} image */
  enlarge({ src, alt }) {
    Object.assign(this.#viewer.lastChild, { src, alt });
    this.#viewer.showModal();
  }

  /** @param {number} count @param {any} texts */
  showUnread(count, texts) {
    this.#unread.hidden = count === 0;
    this.#unread.textContent = count > 99 ? "99+" : String(count);
    this.launcher.setAttribute("aria-label", count ? texts.launchUnread(count) : texts.launch);
  }

  /** @param {{open: boolean, text: string, opens?: string} | null} hours @param {any} texts */
  showHours(hours, texts) {
    const { open = false, text = "", opens } = hours ?? {};
    this.#hours.hidden = !text;
    this.#hours.textContent = !open && opens ? `${text} · ${texts.opens(opens)}` : text;
    this.#hours.dataset.open = String(open);
  }

  /** @param {any} conversation @param {any} texts */
  showHolder(conversation, texts) {
    const holder = conversation?.holder ?? "bot";
    const { queue_position: position, expected_wait_s: wait } = conversation ?? {};
    const queue = () => {
      const place = position ? texts.position(position) : texts.waiting;
      return wait ? place + texts.wait(Math.ceil(wait / 60)) : place;
    };
    const says = {
      queue,
      agent: () => texts.withAgent(conversation.agent_name),
      nobody: () => texts.closed,
    }[holder]?.();
    this.#status.dataset.holder = holder;
    this.#status.hidden = !says;
    this.#bot.hidden = holder !== "queue";
    say(this.#waiting, says ?? "");
  }

  /** @param {import("./session.js").Session} session @param {any} texts */
  showConnection({ refused, busy, online, ready }, texts) {
    let words = ready ? "" : texts.connecting;
    if (!online) words = texts.offline;
    if (busy) words = texts.busy(busy);
    if (refused) words = texts.unavailable;
    this.#connection.hidden = !words;
    say(this.#connection, words);
  }

  /**
   * @param {{text: string, html?: string, questions?: string[]} | null} welcome
   * @param {boolean} asking whether the likely questions are still of use
   * @param {(question: string) => void} ask
   */
  showWelcome(welcome, asking, ask) {
    const look = JSON.stringify([welcome, asking]);
    if (this.#welcome.dataset.look === look) return;
    this.#welcome.dataset.look = look;
    this.#welcome.hidden = !welcome;
    this.#welcome.replaceChildren();
    const questions = (asking && welcome?.questions) || [];
    this.#suggestions.hidden = questions.length === 0;
    this.#suggestions.replaceChildren(...questions.map((text) =>
      make("button", {
        type: "button", class: "choice", "data-testid": "kefu-suggestion", text,
        onclick: () => ask(text),
      }),
    ));
    if (!welcome) return;
    if (welcome.html) showMarkup(this.#welcome, welcome.html, welcome.text);
    else this.#welcome.textContent = welcome.text;
  }
}
