/** What the customer sends: shown at once, delivered in order, kept until it is acknowledged. */

import { countDown, Problem, Unreachable } from "./api.js";
import { sendable } from "./pictures.js";

/** Longer than this nobody waits before a screen: the customer may send it again themselves. */
const LONGEST_WAIT_S = 90;

/** Sending the same again would be refused again. */
export const FINAL = new Set(["body-too-large", "unsupported-upload", "picture-lost"]);

/** The messages of this tab on their way to the server. */
export class Outbox {
  #options;
  #line = Promise.resolve();
  /** @type {Map<string, Blob>} pictures that are not uploaded yet, by message */
  #files = new Map();
  // Raised when the customer changes: what was on its way for the one before is dropped.
  #generation = 0;

  /**
   * @param {{transcript: () => import("./transcript.js").Transcript, changed: () => void,
   *   memory: import("./memory.js").Memory, pictures: import("./pictures.js").Pictures,
   *   post: (body: object) => Promise<any>,
   *   upload: (file: Blob, name: string, onProgress: (share: number) => void) => Promise<any>
   * }} options
   */
  constructor(options) {
    this.#options = options;
  }

  get #unsent() {
    return this.#options.transcript().unsent;
  }

  /** Shows a message at once and sends it after those before it. @param {object[]} parts */
  send(parts, file) {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    if (file) {
      this.#files.set(id, file);
      this.#options.pictures.keep(id, file);
    }
    const at = new Date().toISOString();
    this.#unsent.set(id, { parts, at, state: "sending", progress: file && 0 });
    this.#queue(id);
  }

  /**
   * Checks a picture and sends it as a message of its own.
   * @param {File} file
   * @param {any} limits
   * @returns {Promise<string | null>} why not, if it cannot be sent
   */
  async sendPicture(file, limits) {
    const generation = this.#generation;
    try {
      const picture = await sendable(file, limits);
      // By characters: half of one could not be sent.
      const name = [...file.name].slice(-200).join("");
      if (generation === this.#generation) this.send([{ type: "image", name }], picture);
      return null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return error.slug;
    }
  }

  /** @param {string} id of a failed message; it keeps the id, so it is never stored twice */
  retry(id) {
    const item = this.#unsent.get(id);
    if (item?.state !== "failed") return;
    Object.assign(item, { state: "sending", error: undefined });
    this.#queue(id);
  }

  /** The server can be reached again. */
  resume() {
    for (const [id, { error }] of this.#unsent) if (error === "network") this.retry(id);
  }

  /** Writes down what is unsent, for a reload. */
  keep() {
    const lasting = [...this.#unsent].filter(([, { error }]) => !FINAL.has(error));
    this.#options.memory.unsent = lasting;
  }

  /** What was on its way when the page was left is stored by now, or offered to be sent again. */
  recover() {
    const { messages, unsent } = this.#options.transcript();
    const stored = new Set([...messages.values()].map((message) => message.client_message_id));
    for (const [id, item] of this.#options.memory.unsent) {
      if (stored.has(id) || unsent.has(id)) continue;
      // A picture is too large to be written down.
      const lost = item.parts.some(({ type, upload }) => type === "image" && !upload);
      const error = lost ? "picture-lost" : "network";
      unsent.set(id, { ...item, state: "failed", error, progress: undefined });
    }
    this.keep();
  }

  /** Drops everything: the customer has changed. */
  clear() {
    this.#generation += 1;
    this.#files.clear();
    this.#line = Promise.resolve();
  }

  #queue(id) {
    this.keep();
    this.#options.changed();
    const generation = this.#generation;
    this.#line = this.#line.then(() => generation === this.#generation && this.#deliver(id));
  }

  async #deliver(id) {
    const generation = this.#generation;
    const { transcript, changed } = this.#options;
    for (let again = true; again;) {
      const item = this.#unsent.get(id);
      if (!item) return;
      again = false;
      try {
        const message = await this.#hand(id, item);
        if (generation !== this.#generation) return;
        this.#files.delete(id);
        transcript().unsent.delete(id);
        transcript().store(message);
      } catch (error) {
        if (generation !== this.#generation) return;
        if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
        again = error.status === 429 && error.wait <= LONGEST_WAIT_S;
        if (again) await this.#sitOut(item, error.wait || 1);
        else Object.assign(item, { state: "failed", error: error.slug || "network" });
      }
      if (generation !== this.#generation) return;
      this.keep();
      changed();
    }
  }

  /** Too fast: the line waits, so that the order stays, and the customer sees for how long. */
  async #sitOut(item, seconds) {
    await countDown(seconds, (wait) => {
      Object.assign(item, { state: "waiting", wait });
      this.#options.changed();
    });
    item.state = "sending";
  }

  async #hand(id, item) {
    const generation = this.#generation;
    const { upload, pictures, post, changed } = this.#options;
    const file = this.#files.get(id);
    const [picture] = item.parts;
    if (file && !picture.upload) {
      const made = await upload(file, picture.name, (share) => {
        item.progress = share;
        changed();
      });
      if (generation !== this.#generation) throw new Unreachable("Nobody waits for it.");
      picture.upload = made.id;
      pictures.keep(made.id, file);
    }
    try {
      return await post({ client_message_id: id, parts: item.parts });
    } catch (error) {
      // It was uploaded to a conversation that is over: the next try uploads it to the new one.
      if (file && error.status === 404) delete picture.upload;
      throw error;
    }
  }
}
