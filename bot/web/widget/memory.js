/** What the browser keeps over a reload: the session's token, what was read, what is unsent. */

/** Keeps a few small records of one server; for as long as the page where storage is forbidden. */
export class Memory {
  #prefix;
  #page = new Map();

  /** @param {URL} base address of the server, so that two servers on one page do not mix */
  constructor(base) {
    this.#prefix = `kefu:${base.href}:`;
  }

  /** @returns {{token?: string, subject?: string | null, conversation?: string}} */
  get session() {
    return this.#read("localStorage", "session") ?? {};
  }

  set session(value) {
    this.#write("localStorage", "session", value);
  }

  /** @returns {{conversation?: string, seq?: number}} the last message seen in any tab */
  get seen() {
    return this.#read("localStorage", "seen") ?? {};
  }

  set seen(value) {
    this.#write("localStorage", "seen", value);
  }

  /** @returns {object[]} messages of this tab that the server has not acknowledged */
  get unsent() {
    return this.#read("sessionStorage", "unsent") ?? [];
  }

  set unsent(value) {
    this.#write("sessionStorage", "unsent", value);
  }

  /** Forgets everything about this customer. */
  forget() {
    this.session = this.seen = this.unsent = null;
  }

  #read(storage, name) {
    if (this.#page.has(name)) return this.#page.get(name);
    try {
      return JSON.parse(window[storage].getItem(this.#prefix + name));
    } catch (error) {
      // Forbidden by the browser, or not ours.
      if (error instanceof DOMException || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #write(storage, name, value) {
    try {
      window[storage].setItem(this.#prefix + name, JSON.stringify(value));
      this.#page.delete(name);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#page.set(name, value);
    }
  }
}

/**
 * The subject of an identity token. Read, not verified: only to notice that it is somebody else.
 * @param {string} identity a JWT
 * @returns {string} the token itself where it cannot be read
 */
export function subjectOf(identity) {
  try {
    const payload = identity.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).sub ?? identity;
  } catch (error) {
    const unreadable = [TypeError, SyntaxError, DOMException];
    if (unreadable.some((kind) => error instanceof kind)) return identity;
    throw error;
  }
}
