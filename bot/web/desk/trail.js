/** How the bot came to its decision, folded away until someone asks. */
import { bar } from "./bar.js";
import { make } from "./dom.js";
import { label } from "./labels.js";
import { named, t } from "./texts.js";

const WORTH_SHOWING = 0.05;

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
        // Unfolded at the foot of the conversation, it would open out of sight.
        { on: { click: () => requestAnimationFrame(() => show(details)) } },
        t(handover ? "trail.title.handover" : "trail.title"),
        " · ",
        named("kind", decision.kind),
        known(decision.confidence) &&
          make("span", { class: below ? "below" : "above" }, ` ${percent(decision.confidence)}`),
      ),
      make(
        "dl",
        {},
        // Where it looked for what was typed, there is nothing to tell.
        row("trail.typed", decision.rewritten && decision.typed),
        row(
          "trail.question",
          decision.rewritten && make("span", { testid: "desk-rewritten" }, decision.question),
        ),
        row("trail.language", decision.language && named("locale", decision.language)),
        row("trail.confidence", known(decision.confidence) && confidence(decision, below)),
        row("trail.candidates", candidates(decision)),
        row("trail.signals", signals(decision.signals ?? {})),
        row("trail.about", about(decision.signals?.about)),
        row("trail.reason", decision.reason && label(decision.reason)),
        row("trail.rule", decision.rule && make("code", {}, decision.rule)),
        row("trail.policy", stopped(decision.policy?.stopped ?? [])),
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

function show(details) {
  if (details.open) details.scrollIntoView({ block: "nearest" });
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

function candidates({ candidates: list, confidence }) {
  // An order's own state, a person asked for: nothing was looked up.
  if (!list || list.length === 0) return known(confidence) && t("trail.none");
  return make(
    "ol",
    { class: "candidates" },
    list.map(({ article_id: id, title, probability }) => share(title || id, probability, id)),
  );
}

/** What the policy of outgoing texts found in the text that would have been the answer. */
function stopped(findings) {
  return findings.map(({ rule, words }) =>
    make("div", {}, make("q", {}, words), ` ${named("policy.rule", rule)}`),
  );
}

/** Kinds of matter with their probabilities, the likely ones first. */
function about(kinds) {
  const likely = Object.entries(kinds ?? {})
    .filter(([, probability]) => probability >= WORTH_SHOWING)
    .sort(([, a], [, b]) => b - a);
  if (likely.length === 0) return null;
  return make(
    "ol",
    { class: "candidates" },
    likely.map(([kind, probability]) => share(named("about", kind), probability)),
  );
}

function share(words, probability, title = null) {
  return make(
    "li",
    { title },
    make("span", { class: "what" }, words),
    make("span", { class: "number" }, percent(probability)),
    bar(probability),
  );
}

function signals(all) {
  return Object.entries(all)
    .filter(([, value]) => known(value) && value !== false && typeof value !== "object")
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
