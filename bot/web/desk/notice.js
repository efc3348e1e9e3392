/** The bar that says what went wrong, until it is over or has been read. */
import { make } from "./dom.js";
import { t } from "./texts.js";

export class Notice extends HTMLElement {
  #topic = null;

  connectedCallback() {
    this.setAttribute("role", "alert");
  }

  /** @param topic what `over` will name once it works again; null stays until read */
  say(text, topic = null) {
    this.#topic = topic;
    this.replaceChildren(
      make("p", { testid: "desk-error" }, text),
      make(
        "button",
        {
          type: "button",
          class: "small",
          testid: "desk-error-dismiss",
          on: { click: () => this.clear() },
        },
        t("app.dismiss"),
      ),
    );
  }

  clear() {
    this.#topic = null;
    this.replaceChildren();
  }

  /** It works again: a complaint about it is out of date. */
  over(topic) {
    if (this.#topic === topic) this.clear();
  }
}

customElements.define("desk-notice", Notice);
