/** Pictures of the conversation: checked before they are sent, fetched with the token to be seen. */

import { Problem, Unreachable } from "./api.js";

const LONGEST_EDGE_PX = 2400;
const JPEG = "image/jpeg";

/** A picture that cannot be sent; `slug` says why, as the server would. */
class Unsendable extends Problem {
  constructor(slug) {
    super(slug);
    this.slug = slug;
  }
}

/** Draws a picture anew, smaller if need be. What the browser cannot read, nobody here can. */
async function redrawn(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Unsendable("unsupported-upload");
  });
  const scale = Math.min(1, LONGEST_EDGE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  // JPEG knows no transparency: without this it would turn black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, JPEG, 0.85));
}

/**
 * The picture as the server takes it. Photographs of today's phones are larger than that, or of
 * a kind of their own: they are drawn anew.
 * @param {Blob} file
 * @param {{upload_bytes: number, upload_types: string[]}} limits
 * @returns {Promise<Blob>} rejects with a Problem that says what is wrong
 */
export async function sendable(file, { upload_bytes: most, upload_types: types }) {
  const known = types.includes(file.type);
  if (known && file.size <= most) return file;
  if (!file.type.startsWith("image/") || !types.includes(JPEG)) {
    throw new Unsendable("unsupported-upload");
  }
  // A moving picture would stand still.
  if (known && file.type === "image/gif") throw new Unsendable("body-too-large");
  const smaller = await redrawn(file).catch((error) => {
    throw known ? new Unsendable("body-too-large") : error;
  });
  if (smaller.size > most) throw new Unsendable("body-too-large");
  return smaller;
}

/** The pictures this tab has seen, by upload id or by the id of the message they are sent with. */
export class Pictures {
  /** @type {Map<string, string>} blob: addresses */ #addresses = new Map();
  #fetch;

  /** @param {(id: string) => Promise<Response>} fetch with the customer's token */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** @param {string} id @param {Blob} blob which is here already */
  keep(id, blob) {
    if (!this.#addresses.has(id)) this.#addresses.set(id, URL.createObjectURL(blob));
  }

  /**
   * Puts a picture into an element, now or when it has come.
   * @param {HTMLImageElement} image
   * @param {string} id
   * @param {() => void} missing called if it cannot be had
   */
  async show(image, id, missing) {
    image.onerror = missing;
    const known = this.#addresses.get(id);
    if (known) return void (image.src = known);
    try {
      const blob = await (await this.#fetch(id)).blob();
      if (!blob.type.startsWith("image/")) return missing();
      this.keep(id, blob);
      image.src = this.#addresses.get(id);
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      missing();
    }
  }

  /** Gives all of them up. */
  forget() {
    for (const address of this.#addresses.values()) URL.revokeObjectURL(address);
    this.#addresses.clear();
  }
}
