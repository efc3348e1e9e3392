/** Where the customer writes: the text field, pictures, asking for a person, ending it. */

import { icon, make } from "./dom.js";

/** What a server that does not tell takes in one message. */
const LONGEST = 4000;
const WARN_AT = 0.95;
const TALLEST_PX = 132;

const button = (name, more, ...children) =>
  make("button", { type: "button", "data-testid": `kefu-${name}`, ...more }, ...children);

/** The form below the conversation. */
export class Composer {
  element;
  #field;
  #send;
  #person;
  #counter;
  #notice;
  #picture;
  #file;
  #end;
  #confirm;
  #tools;
  #texts;
  #on;
  #longest = LONGEST;
  #takesPictures = false;

  /**
   * @param {{onText: (text: string) => void, onPicture: (file: File) => void,
   *   onPerson: () => void, onEnd: () => void}} on
   */
  constructor(on) {
    this.#on = on;
    this.#field = make("textarea", {
      rows: "1",
      "data-testid": "kefu-input",
      enterkeyhint: "send",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.take(event.clipboardData, event),
    });
    this.#send = make("button", {
      type: "submit", class: "send", "data-testid": "kefu-send", disabled: true,
    }, icon("send"));
    this.#file = make("input", {
      type: "file", hidden: true, multiple: true, "data-testid": "kefu-file",
      onchange: () => this.#picked(),
    });
    this.#person = button("person", { class: "pill", onclick: () => on.onPerson() });
    this.#picture = button("image", {
      class: "pill round", hidden: true, onclick: () => this.#file.click(),
    }, icon("image"));
    this.#end = button("end", { class: "pill", hidden: true, onclick: () => this.#ask(true) });
    this.#counter = make("span", { class: "counter", role: "status", hidden: true });
    this.#notice = make("p", { class: "error", role: "alert", "data-testid": "kefu-notice" });
    this.#confirm = this.#question();
    this.#tools = make("div", { class: "tools" },
      this.#person, this.#picture, this.#file, this.#counter, this.#end);
    this.element = make("form", {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        this.#submit();
      },
    },
    this.#notice, this.#confirm, this.#tools,
    make("div", { class: "field" }, this.#field, this.#send));
  }

  /** @param {any} texts */
  speak(texts) {
    this.#texts = texts;
    this.#field.placeholder = texts.placeholder;
    this.#field.setAttribute("aria-label", texts.placeholder);
    for (const [element, words] of [[this.#send, texts.send], [this.#picture, texts.image]]) {
      element.setAttribute("aria-label", words);
      element.title = words;
    }
    this.#person.replaceChildren(icon("person"), texts.person);
    this.#end.textContent = texts.end;
    const [question, yes, no] = this.#confirm.children;
    question.textContent = texts.reallyEnd;
    yes.textContent = texts.end;
    no.textContent = texts.goOn;
    this.#measure();
  }

  /**
   * @param {{person: boolean, end: boolean, pictures: string[] | null, longest?: number}} offered
   *   what makes sense now; the kinds of pictures that the server takes
   */
  offer({ person, end, pictures, longest = LONGEST }) {
    this.#person.hidden = !person;
    this.#end.hidden = !end;
    if (!end) this.#ask(false);
    this.#takesPictures = Boolean(pictures);
    this.#picture.hidden = !pictures;
    // A phone then offers its camera; what is not taken as it is will be drawn anew.
    this.#file.accept = pictures ? "image/*" : "";
    this.#longest = longest;
  }

  /** @param {string} words why something cannot be sent; read out at once */
  warn(words) {
    this.#notice.textContent = words;
  }

  /** Puts the cursor into the field. */
  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Empties the field. */
  clear() {
    this.#field.value = "";
    this.#typed();
  }

  /**
   * Takes the pictures that were pasted or dropped.
   * @param {DataTransfer | null} data
   * @param {Event} event which the browser need not treat any more, if there are some
   */
  take(data, event) {
    const files = [...(data?.files ?? [])];
    // Copied cells of a table come as words and as a picture of them: the words are meant.
    if (!files.length || !this.#takesPictures || data.getData("text/plain")) return;
    event.preventDefault();
    this.#give(files);
  }

  #question() {
    const onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#ask(false);
    };
    return make("div", { class: "tools", role: "group", hidden: true, onkeydown },
      make("span", { id: "really" }),
      button("end-yes", {
        class: "pill", "aria-describedby": "really", onclick: () => this.#on.onEnd(),
      }),
      button("end-no", { class: "pill", onclick: () => this.#ask(false) }));
  }

  #ask(really) {
    const { hidden } = this.#confirm;
    if (hidden !== really) return;
    const focused = this.element.getRootNode().activeElement;
    const inside = this.#confirm.contains(focused) || this.#tools.contains(focused);
    this.#confirm.hidden = !really;
    this.#tools.hidden = really;
    if (!inside) return;
    const next = really ? this.#confirm.lastChild : this.#end.hidden ? this.#field : this.#end;
    next.focus({ preventScroll: true });
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
    if (!text || this.#length > this.#longest) return;
    this.clear();
    this.#on.onText(text);
    this.focus();
  }

  #picked() {
    const files = [...this.#file.files];
    this.#file.value = "";
    this.#give(files);
  }

  #give(files) {
    this.warn("");
    for (const file of files) this.#on.onPicture(file);
  }

  #typed() {
    this.warn("");
    this.#measure();
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
    const [length, longest] = [this.#length, this.#longest];
    const over = length > longest;
    this.#send.disabled = length === 0 || over;
    this.#counter.hidden = length < longest * WARN_AT;
    this.#counter.classList.toggle("over", over);
    if (this.#texts && !this.#counter.hidden) {
      const { tooLong, left } = this.#texts;
      this.#counter.textContent = over ? tooLong(longest) : left(longest - length);
    }
  }
}
