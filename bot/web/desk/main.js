/** The page: signed in or not, and in which language. */
import "./signin.js";
import "./workspace.js";
import { Api, Problem } from "./api.js";
import { Clock } from "./clock.js";
import { make } from "./dom.js";
import { keepNothing } from "./drafts.js";
import { explain, language, speak, t } from "./texts.js";

class App extends HTMLElement {
  #clock = new Clock();
  #api = new Api(this.#clock);
  #signIn = null;
  #workspace = null;

  connectedCallback() {
    this.addEventListener("desk:signed-in", () => this.#open(true));
    this.addEventListener("desk:signed-out", () => this.#leave(t("sign.expired")));
    this.addEventListener("desk:sign-out", () => this.#signOut());
    this.addEventListener("desk:language", () => this.#switchLanguage());
    this.#name();
    this.replaceChildren(make("p", { class: "opening" }, t("app.loading")));
    void this.#open(false);
  }

  async #open(justSignedIn) {
    try {
      const me = await this.#api.me();
      this.#workspace = document.createElement("desk-workspace");
      this.#signIn = null;
      this.replaceChildren(this.#workspace);
      this.#workspace.start(this.#api, this.#clock, me, justSignedIn);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#leave(error.status === 401 && !justSignedIn ? "" : explain(error));
    }
  }

  #leave(why) {
    // Several requests may find out at once that the session ended.
    if (this.#signIn !== null && this.#workspace === null) return;
    this.#workspace?.stop();
    this.#workspace = null;
    this.#signIn = document.createElement("desk-sign-in");
    this.replaceChildren(this.#signIn);
    this.#signIn.show(this.#api, why);
    document.title = t("app.title");
  }

  async #signOut() {
    try {
      await this.#api.signOut();
    } catch (error) {
      // Already signed out is what was wanted; otherwise the cookie still works: say so by staying.
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 401) {
        this.#workspace.trouble(error);
        return;
      }
    }
    keepNothing();
    history.replaceState(null, "", location.pathname);
    this.#leave("");
  }

  #switchLanguage() {
    speak(language() === "en" ? "zh-CN" : "en");
    this.#name();
    if (this.#workspace !== null) this.#workspace.relabel();
    else this.#signIn?.show(this.#api);
  }

  #name() {
    document.documentElement.lang = language();
    document.title = t("app.title");
  }
}

customElements.define("desk-app", App);
