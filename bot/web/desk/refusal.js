/** A reply that the policy of outgoing texts stopped: the words, why, and the two ways on. */
import { ask, make } from "./dom.js";
import { named, t } from "./texts.js";

/** The name of a rule; a shop's own rules carry the name that the shop gave them. */
export function ruleName(rule) {
  return named("policy.rule", rule);
}

/** Why, in the language of the page where it knows the rule, else in the list's own words. */
function reasonOf({ rule, why }) {
  return named("policy.why", rule, why);
}

/** Findings in one line. */
export function inWords(findings) {
  return findings.map((finding) => `“${finding.words}” ${reasonOf(finding)}`).join(" ");
}

/** The refused text with its words marked. Places count characters, not halves of pictures. */
export function marked({ text, findings }) {
  const characters = [...text];
  const pieces = [];
  let done = 0;
  const placed = findings.filter(({ start }) => start !== null).sort((a, b) => a.start - b.start);
  for (const { start, end } of placed) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    pieces.push(characters.slice(done, from).join(""));
    pieces.push(make("mark", {}, characters.slice(from, end).join("")));
    done = end;
  }
  pieces.push(characters.slice(done).join(""));
  return pieces;
}

export class Refusal extends HTMLElement {
  #id;
  #warning;
  #reason;
  #missing;

  /** @param reply a refused reply, with the problem that says why */
  show({ clientMessageId, problem }) {
    this.#id = clientMessageId;
    const { findings } = problem.body;
    this.#warning = make(
      "div",
      { class: "warning", role: "alert", tabindex: "-1", testid: "desk-refusal" },
      make("strong", {}, t("policy.heading", { count: findings.length })),
      make("ul", {}, findings.map(finding)),
    );
    this.#reason = make("input", {
      id: `reason-${clientMessageId}`,
      testid: "desk-override-reason",
      maxlength: 500,
      autocomplete: "off",
      "aria-describedby": `missing-${clientMessageId}`,
      on: { input: () => this.#complain(false) },
    });
    this.#missing = make("span", {
      id: `missing-${clientMessageId}`,
      class: "missing",
      role: "status",
    });
    this.addEventListener("keydown", this.#key);
    this.replaceChildren(this.#warning, this.#ways());
  }

  /** Bring the keyboard here. */
  take() {
    this.#warning.focus();
  }

  #ways() {
    return make(
      "form",
      { on: { submit: this.#send } },
      make("label", { for: this.#reason.id }, t("policy.reason")),
      this.#reason,
      make(
        "div",
        { class: "row" },
        this.#missing,
        make("span", { class: "gap" }),
        make(
          "button",
          {
            type: "button",
            class: "primary",
            testid: "desk-change",
            on: { click: () => this.#change() },
          },
          t("policy.change"),
        ),
        make("button", { type: "submit", testid: "desk-override" }, t("policy.override")),
      ),
    );
  }

  #change() {
    ask(this, "desk:take-back", { clientMessageId: this.#id });
  }

  #key = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    // Escape would lead back to the list; what was written comes first.
    event.stopPropagation();
    this.#change();
  };

  #send = (event) => {
    event.preventDefault();
    const reason = this.#reason.value.trim();
    if (reason === "") {
      this.#complain(true);
      this.#reason.focus();
      return;
    }
    ask(this, "desk:override", { clientMessageId: this.#id, reason });
  };

  #complain(missing) {
    this.#missing.textContent = missing ? t("policy.reason.missing") : "";
    this.#reason.setAttribute("aria-invalid", String(missing));
  }
}

function finding(found) {
  const tone = found.severity === "stop" ? "danger" : "plain";
  return make(
    "li",
    {},
    make("span", { class: `label ${tone}` }, ruleName(found.rule)),
    make("q", {}, found.words),
    make("span", {}, reasonOf(found)),
  );
}

customElements.define("desk-refusal", Refusal);
