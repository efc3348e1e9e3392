/** The foot of a conversation: the reply box of its holder, or how to become the holder. */
import { ask, make } from "./dom.js";
import { draftOf, keepDraft } from "./drafts.js";
import { t } from "./texts.js";

export const LONGEST_REPLY = 4000;
const COUNT_FROM = 3500;
// So often at most is the customer told that somebody is writing.
const TELL_EVERY_MS = 3000;

export class Composer extends HTMLElement {
  #id = null;
  #mode = "";
  #text;
  #count;
  #send;
  #told = { on: false, at: 0 };

  /** @param state `{id, holds, claim: key of the claim button's text or null, hint, claiming}` */
  show(state) {
    // The box must not be rebuilt under someone who is typing, whatever else changed.
    const mode = JSON.stringify(state.holds ? { id: state.id } : state);
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#id = state.id;
    if (state.holds) this.#reply();
    else this.#invite(state);
  }

  forget() {
    this.#mode = "";
  }

  focusReply() {
    this.#text?.focus();
  }

  /** Somebody is writing here. */
  get busy() {
    return this.#text !== undefined && this.#text !== null && this.#text.value !== "";
  }

  /** Put `text` back before what is being written. */
  putBack(id, text) {
    const draft = draftOf(id);
    keepDraft(id, draft ? `${text}\n${draft}` : text);
    if (id !== this.#id || !this.#text) return;
    this.#text.value = draftOf(id);
    this.#measure();
    this.#text.focus();
  }

  #reply() {
    const focused = this.contains(document.activeElement);
    this.#text = make("textarea", {
      testid: "desk-reply",
      rows: 3,
      "aria-label": t("reply.label"),
      placeholder: t("reply.hint"),
      on: { keydown: this.#key, input: this.#write },
    });
    this.#text.value = draftOf(this.#id);
    this.#count = make("span", { class: "limit", role: "status" });
    this.#send = make(
      "button",
      { type: "submit", class: "primary", testid: "desk-send" },
      t("reply.send"),
    );
    this.replaceChildren(
      make(
        "form",
        { class: "reply", on: { submit: this.#submit } },
        this.#text,
        make("div", { class: "row" }, this.#count, make("span", { class: "gap" }), this.#send),
      ),
    );
    this.#measure();
    if (focused) this.#text.focus();
  }

  #invite({ claim, hint, claiming }) {
    this.#text = null;
    this.replaceChildren(
      make(
        "div",
        { class: "invite" },
        make("p", {}, hint),
        claim &&
          make(
            "button",
            {
              type: "button",
              class: "primary",
              testid: "desk-claim",
              disabled: claiming,
              on: { click: () => ask(this, "desk:claim") },
            },
            t(claiming ? "act.claim.busy" : claim),
          ),
      ),
    );
  }

  #key = (event) => {
    // While an input method composes, Enter chooses a word; 229 is how Safari says so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    this.#text.form.requestSubmit();
  };

  #submit = (event) => {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (text === "" || [...text].length > LONGEST_REPLY) return;
    this.#text.value = "";
    this.#measure();
    this.#text.focus();
    ask(this, "desk:reply", { id: this.#id, text });
  };

  #write = () => {
    this.#measure();
    const on = this.#text.value !== "";
    const now = performance.now();
    if (on === this.#told.on && (!on || now - this.#told.at < TELL_EVERY_MS)) return;
    this.#told = { on, at: now };
    ask(this, "desk:typing", { id: this.#id, on });
  };

  #measure = () => {
    const text = this.#text.value;
    keepDraft(this.#id, text);
    const count = [...text.trim()].length;
    const long = count > LONGEST_REPLY;
    this.#send.disabled = count === 0 || long;
    this.#count.classList.toggle("over", long);
    if (long) this.#count.textContent = t("reply.too_long", { limit: LONGEST_REPLY, count });
    else this.#count.textContent = count >= COUNT_FROM ? `${count} / ${LONGEST_REPLY}` : "";
  };
}

customElements.define("desk-composer", Composer);
