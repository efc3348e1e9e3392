/** Whether this person takes customers; repeated while the page is open: closing it ends it. */
import { Problem } from "./api.js";

const EVERY_MS = 30000;
const REMEMBERED = "kefu.desk.presence";

export class Presence {
  #api;
  #timer = null;
  #told;
  state;

  /** @param told called with (state, problem or null) after each attempt */
  constructor(api, told) {
    this.#api = api;
    this.#told = told;
  }

  /**
   * Begin to repeat. Who has just signed in is here to work; after a reload the last choice holds,
   * as the server may meanwhile have taken the silence for an absence.
   */
  start(fromServer, justSignedIn) {
    const remembered = localStorage.getItem(REMEMBERED) ?? fromServer;
    const state = justSignedIn || remembered === "online" ? "online" : "away";
    this.#timer = setInterval(() => this.#tell(), EVERY_MS);
    return this.choose(state);
  }

  choose(state) {
    this.state = state;
    localStorage.setItem(REMEMBERED, state);
    return this.#tell();
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #tell() {
    try {
      await this.#api.presence(this.state);
      this.#told(this.state, null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#told(this.state, error);
    }
  }
}
