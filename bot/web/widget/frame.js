/** The parts that stand still: launcher, header, banners, scrolled area, and the composer. */

import { icon, make, showMarkup } from "./dom.js";

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
  scroller = make("div", { class: "scroller", tabindex: "0", role: "region" });
  #title = make("h2", { id: "title" });
  #hours = make("p", { class: "hours", "data-testid": "kefu-hours", hidden: true });
  #status = make("div", {
    class: "banner status", "data-testid": "kefu-status", role: "status", hidden: true,
  });
  #connection = make("div", {
    class: "banner connection", "data-testid": "kefu-connection", role: "status", hidden: true,
  });
  #welcome = make("div", { class: "welcome", "data-testid": "kefu-welcome", hidden: true });
  #suggestions = make("div", { class: "suggestions", role: "group", hidden: true });
  panel;

  /** @param {HTMLElement} composer */
  constructor(composer) {
    this.scroller.append(this.#welcome, this.#suggestions);
    this.panel = make("section", {
      class: "panel",
      role: "dialog",
      tabindex: "-1",
      "aria-labelledby": "title",
      "data-testid": "kefu-panel",
      hidden: true,
    },
    make("header", { class: "head" },
      make("span", { class: "mark", "aria-hidden": "true" }, icon("chat")),
      make("div", { class: "heading" }, this.#title, this.#hours),
      this.closer),
    this.#connection,
    this.#status,
    make("div", { class: "middle" }, this.scroller, this.jump),
    composer);
  }

  /** @param {any} texts @param {string} shopName */
  speak(texts, shopName) {
    this.#title.textContent = texts.panel(shopName);
    this.closer.setAttribute("aria-label", texts.close);
    this.closer.title = texts.close;
    this.scroller.setAttribute("aria-label", texts.history);
    this.#suggestions.setAttribute("aria-label", texts.questions);
    this.jump.replaceChildren(icon("down"), texts.newMessages);
  }

  /** @param {number} count @param {any} texts */
  showUnread(count, texts) {
    this.#unread.hidden = count === 0;
    this.#unread.textContent = count > 99 ? "99+" : String(count);
    this.launcher.setAttribute("aria-label", count ? texts.launchUnread(count) : texts.launch);
  }

  /** @param {{open: boolean, text: string} | null} hours */
  showHours(hours) {
    this.#hours.hidden = !hours?.text;
    this.#hours.textContent = hours?.text ?? "";
    this.#hours.dataset.open = String(Boolean(hours?.open));
  }

  /** @param {any} conversation @param {any} texts */
  showHolder(conversation, texts) {
    const holder = conversation?.holder ?? "bot";
    const position = conversation?.queue_position;
    const says = {
      queue: () => (position ? texts.position(position) : texts.waiting),
      agent: () => texts.withAgent(conversation.agent_name),
      nobody: () => texts.closed,
    }[holder]?.();
    this.#status.dataset.holder = holder;
    this.#fill(this.#status, says ?? "");
  }

  /** @param {string} words empty when all is well */
  showConnection(words) {
    this.#fill(this.#connection, words);
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

  #fill(banner, words) {
    banner.hidden = !words;
    // Writing the same words again would have them read again.
    if (banner.textContent !== words) banner.textContent = words;
  }
}

/** What the server takes in one message. */
const LONGEST = 4000;
const WARN_AT = 3800;
const TALLEST_PX = 132;

/** The text field with its buttons. */
export class Composer {
  element;
  #field;
  #send;
  #person;
  #counter;
  #picture;
  #file;
  #texts;
  #on;

  /**
   * @param {{images: boolean, onText: (text: string) => void, onImage: (name: string) => void,
   *   onPerson: () => void}} options
   */
  constructor({ images, onText, onImage, onPerson }) {
    this.#on = { onText, onImage };
    this.#field = make("textarea", {
      rows: "1",
      "data-testid": "kefu-input",
      enterkeyhint: "send",
      oninput: () => this.#measure(),
      onkeydown: (event) => this.#key(event),
    });
    this.#send = make("button", {
      type: "submit", class: "send", "data-testid": "kefu-send", disabled: true,
    }, icon("send"));
    this.#person = make("button", {
      type: "button", class: "pill", "data-testid": "kefu-person", onclick: onPerson,
    });
    this.#counter = make("span", { class: "counter", role: "status", hidden: true });
    this.#file = make("input", {
      type: "file", accept: "image/*", hidden: true, onchange: () => this.#picked(),
    });
    this.#picture = make("button", {
      type: "button",
      class: "pill round",
      "data-testid": "kefu-image",
      hidden: !images,
      onclick: () => this.#file.click(),
    }, icon("image"));
    this.element = make("form", {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        this.#submit();
      },
    },
    make("div", { class: "tools" }, this.#person, this.#picture, this.#file, this.#counter),
    make("div", { class: "field" }, this.#field, this.#send));
  }

  /** @param {any} texts */
  speak(texts) {
    this.#texts = texts;
    this.#field.placeholder = texts.placeholder;
    this.#field.setAttribute("aria-label", texts.placeholder);
    this.#send.setAttribute("aria-label", texts.send);
    this.#send.title = texts.send;
    this.#picture.setAttribute("aria-label", texts.image);
    this.#picture.title = texts.image;
    this.#person.replaceChildren(icon("person"), texts.person);
    this.#measure();
  }

  /** @param {boolean} offered whether asking for a person makes sense now */
  offerPerson(offered) {
    this.#person.hidden = !offered;
  }

  /** Puts the cursor into the field. */
  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Empties the field. */
  clear() {
    this.#field.value = "";
    this.#measure();
  }

  #key(event) {
    // While an input method is composing, Enter picks a candidate. Safari ends the composition
    // first and tells only by the key code.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!text || this.#length > LONGEST) return;
    this.clear();
    this.#on.onText(text);
    this.focus();
  }

  #picked() {
    const [file] = this.#file.files;
    this.#file.value = "";
    if (file) this.#on.onImage(file.name);
  }

  /** Characters as people and the server count them, not UTF-16 units. */
  get #length() {
    return [...this.#field.value.trim()].length;
  }

  #measure() {
    const field = this.#field;
    field.style.height = "auto";
    const border = field.offsetHeight - field.clientHeight;
    // Zero while the panel is hidden: then the style sheet's height holds.
    if (field.scrollHeight) {
      field.style.height = `${Math.min(field.scrollHeight + border, TALLEST_PX)}px`;
    }
    const length = this.#length;
    const over = length > LONGEST;
    this.#send.disabled = length === 0 || over;
    this.#counter.hidden = length < WARN_AT;
    this.#counter.classList.toggle("over", over);
    if (this.#texts && length >= WARN_AT) {
      const { tooLong, left } = this.#texts;
      this.#counter.textContent = over ? tooLong(LONGEST) : left(LONGEST - length);
    }
  }
}
