/** The sign-in form. */
import { Problem } from "./api.js";
import { ask, make } from "./dom.js";
import { explain, t } from "./texts.js";

export class SignIn extends HTMLElement {
  #api;
  #email;
  #password;
  #button;
  #error;

  /** Show the form; `why` explains an unasked-for sign-out. */
  show(api, why = "") {
    this.#api = api;
    const kept = this.#email?.value ?? "";
    this.#email = make("input", {
      id: "desk-email",
      testid: "desk-email",
      type: "email",
      name: "email",
      autocomplete: "username",
      required: true,
      "aria-describedby": "desk-sign-in-error",
    });
    this.#email.value = kept;
    this.#password = make("input", {
      id: "desk-password",
      testid: "desk-password",
      type: "password",
      name: "password",
      autocomplete: "current-password",
      required: true,
      "aria-describedby": "desk-sign-in-error",
    });
    this.#button = make(
      "button",
      { type: "submit", class: "primary", testid: "desk-sign-in" },
      t("sign.in"),
    );
    this.#error = make("p", { id: "desk-sign-in-error", class: "sign-in-error", role: "alert" });
    // Our own words instead of the browser's bubbles, in the page's language.
    const form = make(
      "form",
      { class: "sign-in", novalidate: true, on: { submit: this.#submit } },
      make("div", { class: "brand", "aria-hidden": "true" }, "客"),
      make("h1", {}, t("sign.heading")),
      make("label", { for: "desk-email" }, t("sign.email")),
      this.#email,
      make("label", { for: "desk-password" }, t("sign.password")),
      this.#password,
      this.#error,
      this.#button,
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
    );
    this.replaceChildren(make("main", { class: "sign-in-page" }, form));
    this.#say(why);
    (kept ? this.#password : this.#email).focus();
  }

  #submit = async (event) => {
    event.preventDefault();
    const email = this.#email.value.trim();
    const password = this.#password.value;
    if (email === "" || password === "") {
      this.#say(t("sign.missing"));
      (email === "" ? this.#email : this.#password).focus();
      return;
    }
    this.#busy(true);
    try {
      await this.#api.signIn(email, password);
      ask(this, "desk:signed-in");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#busy(false);
      this.#say(explain(error));
      this.#password.select();
    }
  };

  #busy(on) {
    this.#button.disabled = on;
    this.#button.textContent = on ? t("sign.busy") : t("sign.in");
    if (on) this.#say("");
  }

  #say(words) {
    this.#error.textContent = words;
    if (words) this.#error.dataset.testid = "desk-error";
    else delete this.#error.dataset.testid;
  }
}

customElements.define("desk-sign-in", SignIn);
