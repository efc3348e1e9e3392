/** The bar on top: shop, connection, availability, language, person. */
import { ask, make } from "./dom.js";
import { language, t } from "./texts.js";

export class TopBar extends HTMLElement {
  #state;
  #drawn = "";

  /** @param state `{shop, person, presence, feed}` */
  show(state) {
    // A button replaced between press and release swallows the click: redraw only what changed.
    const drawn = JSON.stringify([language(), state]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#state = state;
    // Redrawn under the reader's hands: keep the keyboard where it was.
    const focused = this.contains(document.activeElement)
      ? document.activeElement.dataset.testid
      : null;
    this.replaceChildren(
      make("span", { class: "brand", "aria-hidden": "true" }, "客"),
      make("h1", {}, t("app.title")),
      make("span", { class: "shop" }, state.shop),
      this.#feed(),
      make("span", { class: "gap" }),
      this.#presence(),
      make(
        "button",
        {
          type: "button",
          class: "quiet",
          testid: "desk-language",
          title: t("app.switch_language"),
          on: { click: () => ask(this, "desk:language") },
        },
        t("app.other_language"),
      ),
      make("span", { class: "person", title: state.person.email }, state.person.name),
      make(
        "button",
        {
          type: "button",
          class: "quiet",
          testid: "desk-sign-out",
          on: { click: () => ask(this, "desk:sign-out") },
        },
        t("sign.out"),
      ),
    );
    if (focused) this.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  #feed() {
    const { feed } = this.#state;
    return make(
      "span",
      { class: `feed ${feed}`, testid: "desk-feed", "data-state": feed, role: "status" },
      t(`feed.${feed}`),
    );
  }

  #presence() {
    const online = this.#state.presence === "online";
    return make(
      "button",
      {
        type: "button",
        role: "switch",
        "aria-checked": String(online),
        class: "presence",
        "aria-label": t("presence.label"),
        testid: "desk-presence",
        "data-state": this.#state.presence,
        on: { click: () => ask(this, "desk:presence", { state: online ? "away" : "online" }) },
      },
      make("span", { class: "track", "aria-hidden": "true" }),
      t(online ? "presence.online" : "presence.away"),
    );
  }
}

customElements.define("desk-top-bar", TopBar);
