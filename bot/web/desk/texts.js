/** Which language the desk speaks, and its words in it. */
import { en } from "./texts.en.js";
import { zh } from "./texts.zh.js";

const REMEMBERED = "kefu.desk.language";
const LANGUAGES = { "zh-CN": zh, en };

let chosen = first();

function first() {
  const remembered = localStorage.getItem(REMEMBERED);
  if (remembered !== null && remembered in LANGUAGES) return remembered;
  for (const wanted of navigator.languages) {
    if (wanted.startsWith("zh")) return "zh-CN";
    if (wanted.startsWith("en")) return "en";
  }
  return "zh-CN";
}

export function language() {
  return chosen;
}

export function speak(wanted) {
  chosen = wanted;
  localStorage.setItem(REMEMBERED, wanted);
}

/** The words for `key`, with `{name}` filled in; a missing key shows itself. */
export function t(key, values = {}) {
  const words = LANGUAGES[chosen][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
}

/** The words for `prefix.name`, else what the server says, else the bare name. */
export function named(prefix, name, otherwise) {
  return LANGUAGES[chosen][`${prefix}.${name}`] ?? (otherwise || name || "");
}

/** A problem in words that say what is wrong and what to do. */
export function explain(problem) {
  if (problem.slug === "rate-limited" && problem.retryAfter !== null) {
    return t("problem.wait", { seconds: problem.retryAfter });
  }
  const broken =
    problem.status >= 500 ? t("problem.server", { status: problem.status }) : problem.message;
  return named("problem", problem.slug, broken);
}
