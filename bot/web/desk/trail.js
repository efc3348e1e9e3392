/** How the bot came to its decision, folded away until someone asks. */
import { bar } from "./bar.js";
import { make } from "./dom.js";
import { label } from "./labels.js";
import { named, t } from "./texts.js";

export class Trail extends HTMLElement {
  /** @param decision the decision record of a message */
  show(decision, open = false) {
    const handover = decision.kind === "hand_over";
    const below = Number(decision.confidence) < Number(decision.threshold);
    const details = make(
      "details",
      { testid: "desk-trail", open },
      make(
        "summary",
        {},
        t(handover ? "trail.title.handover" : "trail.title"),
        " · ",
        named("kind", decision.kind),
        known(decision.confidence) &&
          make("span", { class: below ? "below" : "above" }, ` ${percent(decision.confidence)}`),
      ),
      make(
        "dl",
        {},
        row("trail.question", decision.question),
        row("trail.language", decision.language && named("locale", decision.language)),
        row("trail.confidence", known(decision.confidence) && confidence(decision, below)),
        row("trail.candidates", candidates(decision.candidates ?? [])),
        row("trail.signals", signals(decision.signals ?? {})),
        row("trail.reason", decision.reason && label(decision.reason)),
        row("trail.rule", decision.rule && make("code", {}, decision.rule)),
        row("trail.version", known(decision.version) && make("code", {}, decision.version)),
        row(
          "trail.took",
          known(decision.took_ms) && t("trail.ms", { ms: Math.round(decision.took_ms) }),
        ),
      ),
    );
    this.replaceChildren(details);
  }

  get open() {
    return this.firstElementChild?.open ?? false;
  }
}

function row(key, content) {
  if (!content || (Array.isArray(content) && content.length === 0)) return null;
  return [make("dt", {}, t(key)), make("dd", {}, content)];
}

function confidence({ confidence: share, threshold }, below) {
  const words = known(threshold)
    ? t("trail.confidence.value", { confidence: percent(share), threshold: percent(threshold) })
    : percent(share);
  return make(
    "div",
    { class: "measure" },
    make("span", {}, words),
    bar(share, threshold, below ? "below" : "above"),
  );
}

function candidates(list) {
  if (list.length === 0) return t("trail.none");
  return make(
    "ol",
    { class: "candidates" },
    list.map((candidate) =>
      make(
        "li",
        { title: candidate.article_id },
        make("span", { class: "what" }, candidate.title || candidate.article_id),
        make("span", { class: "number" }, percent(candidate.probability)),
        bar(candidate.probability),
      ),
    ),
  );
}

function signals(all) {
  return Object.entries(all)
    .filter(([, value]) => known(value) && value !== false)
    .map(([name, value]) =>
      make(
        "div",
        { class: "signal" },
        make("span", { class: "what" }, named("signal", name)),
        make(
          "span",
          { class: "number" },
          typeof value === "number" ? value.toFixed(2) : value === true ? "✓" : String(value),
        ),
        typeof value === "number" && bar(value, null, value >= 0.5 ? "below" : ""),
      ),
    );
}

function known(value) {
  return value !== null && value !== undefined;
}

function percent(share) {
  return `${Math.round(Number(share) * 100)}%`;
}

customElements.define("desk-trail", Trail);
