/** The desk's HTTP interface: cookie session, CSRF token, problems as errors. */

const PATIENCE_MS = 15000;
const PROBLEM = "urn:kefu:problem:";

/** The server refused, or could not be reached (slug `network`). `slug` names the reason. */
export class Problem extends Error {
  constructor({ slug, status = 0, title = "", detail = "", retryAfter = null, body = {} }) {
    super(detail || title || slug);
    this.name = "Problem";
    this.slug = slug;
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  /** Worth sending again unchanged: nothing says that the server will refuse it again. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  #csrf = "";
  #clock;

  constructor(clock) {
    this.#clock = clock;
  }

  async signIn(email, password) {
    const answer = await this.#send("POST", "/api/desk/sign-in", { email, password });
    this.#csrf = answer.csrf;
    return answer;
  }

  async me() {
    const answer = await this.#send("GET", "/api/desk/me");
    this.#csrf = answer.csrf;
    return answer;
  }

  signOut() {
    return this.#post("/api/desk/sign-out");
  }

  presence(state) {
    return this.#post("/api/desk/presence", { state });
  }

  conversations(view, signal) {
    return this.#send(
      "GET",
      `/api/desk/conversations?view=${encodeURIComponent(view)}`,
      undefined,
      signal,
    );
  }

  conversation(id, signal) {
    return this.#send("GET", path(id), undefined, signal);
  }

  claim(id) {
    return this.#post(`${path(id)}/claim`);
  }

  /** @param override `{rules, reason}` where the policy of outgoing texts has refused it */
  reply(id, clientMessageId, text, override = null) {
    const body = { client_message_id: clientMessageId, text };
    return this.#post(`${path(id)}/reply`, override === null ? body : { ...body, override });
  }

  typing(id, on) {
    return this.#post(`${path(id)}/typing`, { on });
  }

  giveBack(id, note) {
    return this.#post(`${path(id)}/return`, note ? { note } : {});
  }

  close(id) {
    return this.#post(`${path(id)}/close`);
  }

  /** The open event stream after event `after`; the caller reads the body. */
  async events(after, signal) {
    const response = await reach(`/api/desk/events?after=${encodeURIComponent(after)}`, {
      headers: { Accept: "text/event-stream" },
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw await problem(response);
    return response;
  }

  async #post(address, body = {}) {
    try {
      return await this.#send("POST", address, body);
    } catch (error) {
      if (!(error instanceof Problem) || error.slug !== "csrf") throw error;
      // The session was renewed in another tab. A refused request changed nothing: once more.
      await this.me();
      return this.#send("POST", address, body);
    }
  }

  async #send(method, address, body, signal) {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
      headers["Content-Type"] = "application/json";
      headers["X-CSRF-Token"] = this.#csrf;
    }
    const response = await reach(address, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    this.#clock.learn(response.headers.get("Date"));
    if (!response.ok) throw await problem(response);
    return response.status === 204 ? null : readJson(response);
  }
}

function path(id) {
  return `/api/desk/conversations/${encodeURIComponent(id)}`;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    throw unreachable(error);
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    // Cut off half way, or a proxy's page instead of ours.
    if (error instanceof SyntaxError) throw new Problem({ slug: "unreadable" });
    throw unreachable(error);
  }
}

/** What fetch throws when nobody answered; a caller's own abort stays an abort. */
function unreachable(error) {
  const unanswered = error instanceof TypeError || error.name === "TimeoutError";
  return unanswered ? new Problem({ slug: "network" }) : error;
}

async function problem(response) {
  const type = response.headers.get("Content-Type") ?? "";
  const body = type.includes("json") ? await response.json().catch(() => ({})) : {};
  const slug = String(body.type ?? "").startsWith(PROBLEM)
    ? body.type.slice(PROBLEM.length)
    : `http-${response.status}`;
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem({
    slug,
    status: response.status,
    title: body.title,
    detail: body.detail,
    retryAfter: Number.isNaN(wait) ? null : wait,
    body,
  });
}
