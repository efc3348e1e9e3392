/** Requests to the server, and the two ways in which they fail. */

/** The server refused; `slug` is the last part of the problem type, `wait` seconds. */
export class Problem extends Error {}

/** Nobody answered: no network, a timeout, or a server that is just restarting. */
export class Unreachable extends Error {}

async function refusal(response) {
  // A proxy answers with a page of its own instead of problem+json.
  const told = await response.json().catch(() => ({}));
  const slug = String(told.type ?? "").split(":").pop();
  if (response.status >= 500) return new Unreachable(slug);
  const wait = Number.parseInt(response.headers.get("Retry-After"), 10) || 0;
  return Object.assign(new Problem(told.detail ?? slug), { status: response.status, slug, wait });
}

/**
 * Sends a request: POST when it has a body.
 * @param {URL} url
 * @param {{token?: string, body?: object, signal?: AbortSignal}} request
 * @returns {Promise<Response>} with status 2xx; rejects with Problem or Unreachable
 */
export async function request(url, { token, body, signal = AbortSignal.timeout(20_000) }) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const method = body ? "POST" : "GET";
  // The token says who asks; cookies of the shop stay out of it.
  const how = { method, headers, body: body && JSON.stringify(body), credentials: "omit", signal };
  let response;
  try {
    response = await fetch(url, how);
  } catch (error) {
    throw new Unreachable(error.message);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {URL} url @param {object} body @param {string} [token] @returns {Promise<any>} */
export async function post(url, body, token) {
  const response = await request(url, { token, body });
  return response.json().catch((error) => {
    throw new Unreachable(error.message);
  });
}
