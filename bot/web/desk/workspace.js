/** The desk of someone signed in: list, conversation and customer, kept as the server has them. */
import "./customer.js";
import "./herald.js";
import "./list.js";
import "./notice.js";
import "./thread.js";
import "./topbar.js";
import { place, settle } from "./address.js";
import { Problem } from "./api.js";
import { ask, make } from "./dom.js";
import { keepOnlyFor } from "./drafts.js";
import { Feed } from "./feed.js";
import { claimWords, holds } from "./holding.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { noteForBot, sureToClose } from "./question.js";
import { Refresh } from "./refresh.js";
import { inWords } from "./refusal.js";
import { explain, t } from "./texts.js";

const LISTENED = {
  "desk:view": "chooseView",
  "desk:open": "open",
  "desk:claim": "claim",
  "desk:take-back": "takeBack",
  "desk:return": "giveBack",
  "desk:close": "finish",
  "desk:customer": "toggleCustomer",
  "desk:presence": "choosePresence",
};

export class Workspace extends HTMLElement {
  #api;
  #clock;
  #me;
  #feed = null;
  #presence;
  #outbox;
  #bar;
  #list;
  #thread;
  #customer;
  #notice;
  #herald;
  #view = "queue";
  #id = null;
  #conversations = null;
  #counts = {};
  #detail = null;
  #feedState = "starting";
  #presenceState = "away";
  #claiming = false;
  #enter = false;
  #lists = new Refresh(
    (signal) => this.#loadList(signal),
    (problem) => this.trouble(problem, "list"),
  );
  #details = new Refresh(
    (signal) => this.#loadDetail(signal),
    (problem) => this.#detailTrouble(problem),
  );

  /** @param me the answer of /me; `justSignedIn` by the form, not by a reload */
  start(api, clock, me, justSignedIn) {
    this.#api = api;
    this.#clock = clock;
    this.#me = me;
    keepOnlyFor(me.person.id);
    this.#outbox = new Outbox(api, (...step) => this.#replied(...step));
    this.#outbox.listen(this);
    this.#presence = new Presence(api, (state, problem) => this.#presenceTold(state, problem));
    this.#build();
    for (const [type, method] of Object.entries(LISTENED)) {
      this.addEventListener(type, (event) => this[method](event.detail));
    }
    this.#thread.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.#list.focusItem();
    });
    ({ view: this.#view, id: this.#id } = place());
    this.#draw();
    void this.#presence.start(me.presence, justSignedIn);
    void this.#lists.now();
    void this.#details.now();
  }

  stop() {
    this.#feed?.stop();
    this.#presence.stop();
    this.#lists.stop();
    this.#details.stop();
  }

  /** Draw everything anew: the language changed. */
  relabel() {
    this.#list.forget();
    this.#thread.forget();
    this.#draw();
  }

  #build() {
    this.#bar = document.createElement("desk-top-bar");
    this.#list = document.createElement("desk-list");
    this.#thread = document.createElement("desk-thread");
    this.#customer = document.createElement("desk-customer");
    this.#notice = document.createElement("desk-notice");
    this.#herald = document.createElement("desk-herald");
    this.replaceChildren(
      this.#bar,
      this.#notice,
      make(
        "div",
        { class: "columns" },
        make("aside", { class: "left" }, this.#list),
        make("main", { class: "middle" }, this.#thread),
        make("aside", { class: "right" }, this.#customer),
      ),
      this.#herald,
    );
  }

  // What the server says

  async #loadList(signal) {
    const view = this.#view;
    const answer = await this.#api.conversations(view, signal);
    this.#herald.queueGrew(this.#counts.queue, answer.counts.queue);
    this.#conversations = answer.conversations;
    this.#counts = answer.counts;
    this.#listen(answer.cursor);
    this.#notice.over("list");
    this.#draw();
  }

  async #loadDetail(signal) {
    const id = this.#id;
    if (id === null) return;
    const before = this.#detail;
    const detail = await this.#api.conversation(id, signal);
    this.#detail = detail;
    this.#herald.customerWrote(before, detail);
    this.#notice.over("detail");
    this.#draw();
    if (this.#enter) this.#thread.focusReply();
    this.#enter = false;
  }

  #listen(cursor) {
    if (this.#feed !== null) return;
    this.#feed = new Feed(this.#api, cursor, {
      event: (type, data) => this.#happened(data),
      state: (state) => this.#connection(state),
      signedOut: () => ask(this, "desk:signed-out"),
    });
    void this.#feed.run();
  }

  #happened(data) {
    this.#lists.soon();
    const about = data.conversation_id;
    if (about === undefined || String(about) === this.#id) this.#details.soon();
  }

  #connection(state) {
    const back = state === "live" && this.#feedState === "lost";
    this.#feedState = state;
    this.#drawBar();
    if (!back) return;
    this.#lists.soon();
    this.#details.soon();
  }

  // What the person does

  chooseView({ view }) {
    this.#turnTo(view);
    this.#draw();
    void this.#lists.now();
  }

  #turnTo(view) {
    if (view !== this.#view) this.#conversations = null;
    this.#view = view;
  }

  open({ id, enter = false }) {
    if (id === this.#id) {
      if (enter) this.#thread.focusReply();
      if (this.#detail === null) void this.#details.now();
      return;
    }
    this.#id = id;
    this.#detail = null;
    this.#enter = enter;
    this.#notice.clear();
    this.#draw();
    void this.#details.now();
  }

  async claim() {
    const id = this.#id;
    this.#claiming = true;
    this.#draw();
    const claimed = await this.#act(() => this.#api.claim(id));
    this.#claiming = false;
    if (claimed && this.#id === id) {
      this.#turnTo("mine");
      this.#herald.tell(t("act.claimed"));
      this.#enter = true;
    }
    await this.#reload();
    if (!claimed) this.#list.focusItem();
  }

  async giveBack() {
    const id = this.#id;
    const note = await noteForBot();
    if (note !== null) await this.#letGo(() => this.#api.giveBack(id, note));
  }

  async finish() {
    const id = this.#id;
    if ((await sureToClose()) !== null) await this.#letGo(() => this.#api.close(id));
  }

  takeBack({ clientMessageId }) {
    this.#thread.putBack(this.#id, this.#outbox.takeBack(clientMessageId));
    this.#draw();
  }

  toggleCustomer() {
    this.classList.toggle("customer-toggled");
  }

  choosePresence({ state }) {
    void this.#presence.choose(state);
    this.#presenceState = state;
    this.#drawBar();
  }

  async #letGo(action) {
    await this.#act(action);
    await this.#reload();
    // The button that opened the dialog is gone: without this the keyboard would be nowhere.
    this.#list.focusItem();
  }

  /** Do it, say what went wrong; true when it worked. */
  async #act(action) {
    this.#notice.clear();
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.trouble(error);
      return false;
    }
  }

  #reload() {
    this.#draw();
    return Promise.all([this.#lists.now(), this.#details.now()]);
  }

  #replied(id, problem, warnings) {
    if (problem?.status === 401) ask(this, "desk:signed-out");
    if (warnings.length > 0) this.#notice.say(t("policy.noted", { what: inWords(warnings) }));
    // The reply itself shows why it failed; a lost place is shown by what is fetched again.
    if (problem === null || !problem.passing) this.#lists.soon();
    if (id === this.#id) this.#details.soon();
    this.#draw();
  }

  #presenceTold(state, problem) {
    if (problem?.status === 401) ask(this, "desk:signed-out");
    // A lost connection is already told by the feed.
    else if (problem?.status > 0) this.#notice.say(t("presence.failed"), "presence");
    else if (problem === null) this.#notice.over("presence");
    this.#presenceState = state;
    this.#drawBar();
  }

  /** Say what went wrong; a session that ended closes the desk. */
  trouble(problem, topic = null) {
    if (problem.status === 401) {
      ask(this, "desk:signed-out");
      return;
    }
    this.#notice.say(explain(problem), topic);
  }

  #detailTrouble(problem) {
    if (problem.status === 404) {
      this.#id = null;
      this.#detail = null;
      this.#draw();
    }
    this.trouble(problem, problem.status === 404 ? null : "detail");
  }

  // What is shown

  #draw() {
    settle({ view: this.#view, id: this.#id });
    this.#drawBar();
    this.#list.show(this.#clock, {
      view: this.#view,
      conversations: this.#conversations,
      counts: this.#counts,
      selected: this.#id,
    });
    const detail = this.#detail;
    const pending = detail === null ? [] : this.#outbox.of(this.#id, detail.messages);
    const mine = detail !== null && holds(detail.conversation, this.#me.person);
    const summary = this.#conversations?.find(({ id }) => String(id) === this.#id);
    const ticket = detail?.ticket ?? summary?.ticket;
    this.#thread.show(this.#clock, {
      id: this.#id,
      detail,
      pending,
      me: this.#me.person,
      holds: mine,
      claiming: this.#claiming,
      claim: detail === null || mine ? null : claimWords(detail.conversation, ticket),
    });
    this.#customer.show(detail);
    this.classList.toggle("reading", this.#id !== null);
    const waiting = this.#counts.queue > 0 ? `(${this.#counts.queue}) ` : "";
    document.title = `${waiting}${t("app.title")} · ${this.#me.shop.name}`;
  }

  #drawBar() {
    this.#bar.show({
      shop: this.#me.shop.name,
      person: this.#me.person,
      presence: this.#presenceState,
      feed: this.#feedState,
    });
  }
}

customElements.define("desk-workspace", Workspace);
