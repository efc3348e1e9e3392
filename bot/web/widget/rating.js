/** What the customer thinks of the conversation, asked when it has ended. */

import { make } from "./dom.js";

const SCORES = [1, 2, 3, 4, 5];
const LONGEST_COMMENT = 1000;

/** Five stars, then a word about why, then thanks. */
export class Rating {
  element = make("div", { class: "rating", "data-testid": "kefu-rating", hidden: true });
  #rate;
  #look = "";

  /** @param {(score: number, comment: string | null) => Promise<string>} rate why not, or "" */
  constructor(rate) {
    this.#rate = rate;
  }

  /** @param {any} conversation @param {any} texts */
  show(conversation, texts) {
    const { id, holder, may_rate: may, rating } = conversation ?? {};
    const shown = holder === "nobody" && Boolean(may || rating);
    this.element.hidden = !shown;
    const look = JSON.stringify([shown, id, rating, texts.rate]);
    if (look === this.#look) return;
    this.#look = look;
    const focused = this.element.contains(this.element.getRootNode().activeElement);
    const draw = () => (rating ? [this.#thanks(rating.score, texts)] : this.#form(texts));
    this.element.replaceChildren(...(shown ? draw() : []));
    // Who sent it by keyboard is not thrown out of the dialog.
    if (focused) this.element.querySelector("[tabindex]")?.focus({ preventScroll: true });
  }

  /** Moves the focus to the stars, if they are asked for. @returns {boolean} whether they are */
  focus() {
    const star = this.element.querySelector("input");
    star?.focus({ preventScroll: true });
    return Boolean(star);
  }

  #thanks(score, texts) {
    return make("p", { role: "status", tabindex: "-1" },
      make("span", { class: "stars", role: "img", "aria-label": texts.stars(score) },
        "★".repeat(score) + "☆".repeat(SCORES.length - score)),
      texts.thanks);
  }

  #form(texts) {
    const comment = make("textarea", {
      rows: "2", maxlength: LONGEST_COMMENT, "aria-label": texts.comment, placeholder: texts.comment,
      "data-testid": "kefu-comment",
    });
    const problem = make("p", { class: "error", role: "alert" });
    const more = make("div", { class: "more-said", hidden: true }, comment, problem,
      make("button", {
        type: "submit", class: "primary", "data-testid": "kefu-rate", text: texts.submit,
      }));
    const stars = SCORES.map((score) => make("label", {},
      make("input", {
        type: "radio", name: "score", value: score, class: "unseen",
        "aria-label": texts.stars(score), onchange: () => (more.hidden = false),
      }),
      make("span", { "aria-hidden": "true", title: texts.stars(score), text: "★" })));
    const onsubmit = (event) => {
      event.preventDefault();
      const score = Number(new FormData(event.target).get("score"));
      // Sent twice, the second takes the place of the first.
      void this.#rate(score, comment.value.trim() || null)
        .then((words) => (problem.textContent = words));
    };
    return [make("form", { onsubmit },
      make("fieldset", {}, make("legend", { text: texts.rate }),
        make("div", { class: "stars" }, ...stars)),
      more)];
  }
}
