/** One message of the conversation, and a reply of ours that the server has not confirmed yet. */
import { fullMoment, moment } from "./clock.js";
import { ask, make } from "./dom.js";
import { drawn } from "./parts.js";
import { marked, ruleName } from "./refusal.js";
import { explain, named, t } from "./texts.js";

// "typed" goes without saying, and so do the bot's own phrases: they are curated, but no article's.
const TOLD_ORIGINS = new Set(["generated", "assisted"]);

/** @param open whether the trail was unfolded before a redraw */
export function messageNode(message, { me, now, open }) {
  const { kind, name } = message.sender;
  const mine = kind === "person" && name === me.name;
  const quoted = message.origin === "curated" && message.sources?.length > 0;
  const told = quoted || TOLD_ORIGINS.has(message.origin);
  const node = make(
    "article",
    {
      class: `message ${kind}${mine ? " mine" : ""}`,
      testid: "desk-message",
      "data-sender": kind,
      "data-id": message.id,
    },
    make(
      "header",
      {},
      make("strong", {}, mine ? t("sender.you") : name || named("sender", kind)),
      make(
        "time",
        { datetime: message.created_at, title: fullMoment(message.created_at) },
        moment(message.created_at, now),
      ),
      told && make("span", { class: "mark" }, t(`origin.${message.origin}`)),
      message.ai_generated && make("span", { class: "mark ai" }, t("message.ai")),
    ),
    make("div", { class: "bubble" }, message.parts.map(drawn), sources(message.sources ?? [])),
    overridden(message.override),
  );
  if (message.decision) {
    const trail = document.createElement("desk-trail");
    node.append(trail);
    trail.show(message.decision, open);
  }
  return node;
}

/** That it was said against the policy, who did and why: for the people here only. */
function overridden(override) {
  if (!override) return null;
  const { findings, by_name: name, reason } = override;
  const rules = [...new Set(findings.map(({ rule }) => ruleName(rule)))].join(t("list.and"));
  const words = findings.map((finding) => `“${finding.words}”`).join(t("list.and"));
  return make(
    "p",
    { class: "overridden", testid: "desk-overridden" },
    t("policy.overridden", { rules, words, name: name ?? "", reason }),
  );
}

function sources(list) {
  if (list.length === 0) return null;
  return make(
    "div",
    { class: "sources" },
    make("span", { class: "kind" }, t("message.sources")),
    make(
      "ol",
      {},
      list.map((source) =>
        make(
          "li",
          { title: source.article_id },
          make("span", { class: "n" }, `[${source.n}]`),
          ` ${source.title}`,
          source.source && make("span", { class: "muted" }, ` ${source.source}`),
        ),
      ),
    ),
  );
}

/** @param reply `{clientMessageId, text, state: "sending"|"sent"|"failed"|"refused", problem}` */
export function pendingNode(reply) {
  const failed = reply.state === "failed";
  const refused = reply.state === "refused";
  const refusal = refused && document.createElement("desk-refusal");
  if (refusal) refusal.show(reply);
  return make(
    "article",
    {
      class: `message person mine ${reply.state}`,
      testid: "desk-pending",
      "data-state": reply.state,
    },
    make(
      "header",
      {},
      make("strong", {}, t("sender.you")),
      make("span", { class: "mark" }, reply.state === "sending" ? t("reply.sending") : ""),
    ),
    make(
      "div",
      { class: "bubble" },
      make("div", { class: "text" }, refused ? marked(reply.problem.body) : reply.text),
    ),
    refusal,
    failed &&
      make(
        "p",
        { class: "failure", role: "alert" },
        make("span", {}, t("reply.failed", { why: explain(reply.problem) })),
        reply.problem.passing &&
          make(
            "button",
            {
              type: "button",
              class: "small",
              testid: "desk-retry",
              on: {
                click: (event) =>
                  ask(event.target, "desk:retry", { clientMessageId: reply.clientMessageId }),
              },
            },
            t("reply.retry"),
          ),
        make(
          "button",
          {
            type: "button",
            class: "small",
            testid: "desk-edit-again",
            on: {
              click: (event) =>
                ask(event.target, "desk:take-back", { clientMessageId: reply.clientMessageId }),
            },
          },
          t("reply.edit"),
        ),
      ),
  );
}

/** What happened, in the language of the page; of an event that it does not know, the server's. */
function happened({ text, payload }) {
  const { holder, reason, agent_name: name, by, ticket } = payload ?? {};
  const why = reason ? named("reason", reason) : "";
  if (ticket) return t("event.ticket", { ticket, why });
  if (holder === "bot" && by === "customer") return t("event.bot.customer");
  return holder ? t(`event.${holder}`, { why, name: name ?? "" }) : text;
}

/** A change of holder and the like, between the messages. */
export function eventNode(event, now) {
  return make(
    "p",
    { class: "event", testid: "desk-event", "data-type": event.type },
    make("span", {}, happened(event)),
    make("time", { datetime: event.at, title: fullMoment(event.at) }, moment(event.at, now)),
  );
}
