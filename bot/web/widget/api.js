/** Requests to the server, and the two ways in which they fail. */

/** The server refused; `slug` is the last part of the problem type, `wait` seconds. */
export class Problem extends Error {}

/** Nobody answered: no network, a timeout, or a server that is just restarting. */
export class Unreachable extends Error {}

function refusal(status, words, retryAfter) {
  let told = {};
  try {
    told = JSON.parse(words);
  } catch (error) {
    // A proxy answers with a page of its own instead of problem+json.
    if (!(error instanceof SyntaxError)) throw error;
  }
  const slug = String(told.type ?? "").split(":").pop();
  if (status >= 500) return new Unreachable(slug);
  const wait = Number.parseInt(retryAfter, 10) || 0;
  return Object.assign(new Problem(told.detail ?? slug), { status, slug, wait });
}

/**
 * Sends a request: POST when it has a body.
 * @param {URL} url
 * @param {{token?: string, body?: object, signal?: AbortSignal, keepalive?: boolean}} request
 *   keepalive lets it outlive the page
 * @returns {Promise<Response>} with status 2xx; rejects with Problem or Unreachable
 */
export async function request(url, { token, body, signal, keepalive }) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      // The token says who asks; cookies of the shop stay out of it.
      credentials: "omit",
      keepalive,
      signal: signal ?? AbortSignal.timeout(20_000),
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  if (response.ok) return response;
  const words = await response.text().catch(() => "");
  throw refusal(response.status, words, response.headers.get("Retry-After"));
}

/** @param {URL} url @param {object} body @param {string} [token] @returns {Promise<any>} */
export async function post(url, body, token) {
  const response = await request(url, { token, body });
  return response.json().catch((error) => {
    throw new Unreachable(error.message);
  });
}

/**
 * Says a last word, which may outlive the page. If nobody hears it, nothing is lost here.
 * @param {URL} url
 * @param {string} token
 */
export async function farewell(url, token) {
  try {
    await request(url, { token, body: {}, keepalive: true });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  }
}

/**
 * Sends a file and tells how far it is, which `fetch` cannot.
 * @param {URL} url
 * @param {string} token
 * @param {Blob} file
 * @param {string} name
 * @param {(share: number) => void} onProgress from 0 to 1
 * @returns {Promise<any>} the answer; rejects with Problem or Unreachable
 */
export function upload(url, token, file, name, onProgress) {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", url);
    sending.timeout = 120_000;
    sending.setRequestHeader("Authorization", `Bearer ${token}`);
    sending.setRequestHeader("Content-Type", file.type);
    sending.setRequestHeader("X-File-Name", encodeURIComponent(name));
    sending.upload.onprogress = ({ loaded, total }) => total && onProgress(loaded / total);
    sending.onerror = sending.ontimeout = () => reject(new Unreachable("upload"));
    sending.onload = () => {
      const { status, responseText } = sending;
      if (status < 300) return resolve(JSON.parse(responseText));
      return reject(refusal(status, responseText, sending.getResponseHeader("Retry-After")));
    };
    sending.send(file);
  });
}

/**
 * Waits, and tells every second how many are left. By counting, not by the clock of the device,
 * which may be wrong or be put right meanwhile.
 * @param {number} seconds
 * @param {(left: number) => void} tick
 */
export async function countDown(seconds, tick) {
  for (let left = seconds; left > 0; left -= 1) {
    tick(left);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
