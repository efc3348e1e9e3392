/** A question before something is done, in a dialog that keeps the keyboard inside. */
import { make } from "./dom.js";
import { t } from "./texts.js";

/** A note for the bot that takes over; "" without one, null when cancelled. */
export function noteForBot() {
  return question({
    heading: t("return.heading"),
    text: t("return.text"),
    yes: t("act.return"),
    note: t("return.note"),
    example: t("return.example"),
  });
}

/** Null when the conversation shall stay open. */
export function sureToClose() {
  return question({ heading: t("close.heading"), text: t("close.text"), yes: t("act.close") });
}

/**
 * Ask and wait.
 * @param words `{heading, text, yes, note?, example?}`; with `note` a field of that name is offered
 * @returns null when cancelled, else what was written in the note ("" without one)
 */
function question(words) {
  const note =
    words.note &&
    make("textarea", {
      id: "desk-note",
      testid: "desk-note",
      rows: 3,
      maxlength: 1000,
      placeholder: words.example ?? "",
    });
  const dialog = make(
    "dialog",
    { class: "question", "aria-labelledby": "desk-question", testid: "desk-dialog" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "desk-question" }, words.heading),
      make("p", {}, words.text),
      note && [make("label", { for: "desk-note" }, words.note), note],
      make(
        "div",
        { class: "row" },
        make("span", { class: "gap" }),
        make(
          "button",
          {
            value: "no",
            testid: "desk-cancel",
            formnovalidate: true,
            type: "button",
            on: { click: () => dialog.close("no") },
          },
          t("act.cancel"),
        ),
        make(
          "button",
          {
            value: "yes",
            class: "primary",
            testid: "desk-confirm",
            type: "submit",
            autofocus: !note,
          },
          words.yes,
        ),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  (note || dialog.querySelector(".primary")).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? (note ? note.value.trim() : "") : null);
    });
  });
}
