/** The coloured label of a reason to hand over. */
import { make } from "./dom.js";
import { named } from "./texts.js";

const TONES = {
  anger: "danger",
  high_risk: "danger",
  review_threat: "warning",
  repeated_miss: "warning",
  dissatisfaction: "warning",
  suspected_abuse: "warning",
  action_failed: "warning",
  bot_error: "warning",
  overload: "warning",
  customer_request: "notice",
  vip: "notice",
  policy_restriction: "notice",
  unverified_identity: "notice",
};

/** `said` is the server's own text: it names the reasons that this page does not know yet. */
export function label(reason, said = "") {
  return make(
    "span",
    { class: `label ${TONES[reason] ?? "plain"}`, "data-reason": reason },
    named("reason", reason, said),
  );
}
