/** The custom element `<kefu-chat>`: puts session, frame and timeline together. */

import { Problem, Unreachable } from "./api.js";
import { Composer } from "./composer.js";
import { keepInside } from "./dom.js";
import { Frame } from "./frame.js";
import { whyNot } from "./parts.js";
import { Rating } from "./rating.js";
import { Session } from "./session.js";
import { sheet } from "./style.js";
import { nearestLocale, textsOf } from "./texts.js";
import { Timeline } from "./view.js";

const TAG = "kefu-chat";
const THEMES = ["light", "dark"];

/** Whether a setting is on: true from a script, empty or "true" from an attribute. */
const isOn = (value) => value === true || value === "" || value === "true";

/** Whether a setting was turned off; not saying anything does not. */
const isOff = (value) => value === false || value === "false";

/** The customer's chat window; `mount` makes the one of a page. */
export class ChatElement extends HTMLElement {
  #settings;
  #emit;
  #session;
  #frame;
  #composer;
  #timeline;
  #rating;
  #ended = new AbortController();
  #locale;
  #texts;
  #spoken = null;
  #theme = "auto";
  #product = null;
  #isOpen = false;
  #unread = 0;
  #drawing = false;
  #focusBefore = null;
  #prefersDark = matchMedia("(prefers-color-scheme: dark)");
  #narrow = matchMedia("(max-width: 480px)");

  /**
   * Takes up work.
   * @param {{base: URL, settings: Record<string, any>, emit: (name: string, detail?: any) =>
   *   void}} options
   */
  connect({ base, settings, emit }) {
    this.#settings = settings;
    this.#emit = emit;
    this.#product = settings.product ?? null;
    this.#session = new Session({
      base,
      context: () => ({ locale: this.#locale, page: this.#page() }),
      changed: () => this.#drawSoon(),
      news: (type, detail) => this.#hear(type, detail),
    });
    this.#build();
    const language = settings.locale || document.documentElement.lang || navigator.language;
    this.setLocale(language);
    this.setTheme(settings.theme ?? "auto");
    this.dataset.position = settings.position === "left" ? "left" : "right";
    const identity = settings.identity ?? settings.user?.identity;
    if (identity) this.#session.identify(identity);
    // A stranger costs the server nothing before the first click; a known customer may have an
    // answer waiting.
    if (identity || this.#session.remembered) void this.#session.start();
    if (isOn(settings.open)) this.open();
  }

  /** Shows the panel. */
  open() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#focusBefore = document.activeElement;
    const { panel, launcher } = this.#frame;
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    panel.setAttribute("aria-modal", String(this.#narrow.matches));
    this.#draw();
    this.#timeline.toEnd();
    // On a phone the keyboard would cover the questions to choose from.
    if (matchMedia("(pointer: coarse)").matches) panel.focus({ preventScroll: true });
    else this.#composer.focus();
    void this.#session.start();
    this.#emit("open");
  }

  /** Hides the panel. */
  close() {
    if (!this.#isOpen) return;
    const { panel, launcher } = this.#frame;
    const focused = panel.contains(this.shadowRoot.activeElement);
    this.#isOpen = false;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    const before = this.#focusBefore;
    if (focused && before?.isConnected && before !== document.body && before !== this) {
      before.focus({ preventScroll: true });
    } else if (focused) launcher.focus({ preventScroll: true });
    this.#drawSoon();
    this.#emit("close");
  }

  /** Shows or hides the panel. */
  toggle() {
    if (this.#isOpen) this.close();
    else this.open();
  }

  /** @param {string | null} identity a JWT made by the shop's server; null signs out */
  setUser(identity) {
    if (!identity) return this.reset();
    this.#session.identify(identity);
    void this.#session.start();
  }

  /** @param {string | null} product the id of the product on the page */
  setProduct(product) {
    if (product === this.#product) return;
    this.#product = product || null;
    this.#session.refresh();
  }

  /** @param {string} tag zh-CN, zh-TW, en or one near to them */
  setLocale(tag) {
    const locale = nearestLocale(tag);
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#texts = textsOf(locale);
    this.lang = locale;
    this.#session.refresh();
    this.#drawSoon();
  }

  /** @param {"auto" | "light" | "dark" | Record<string, string>} theme or --kefu-… values */
  setTheme(theme) {
    if (typeof theme === "string") this.#theme = theme;
    else {
      for (const [name, value] of Object.entries(theme)) {
        this.style.setProperty(name.startsWith("--") ? name : `--kefu-${name}`, value);
      }
    }
    const preferred = this.#prefersDark.matches ? "dark" : "light";
    this.dataset.theme = THEMES.includes(this.#theme) ? this.#theme : preferred;
  }

  /** Forgets the customer: to be called when they sign out of the shop. */
  reset() {
    this.#composer.clear();
    this.#session.reset();
  }

  /** Leaves the page: a single-page application calls it when the chat is not wanted there. */
  destroy() {
    this.#ended.abort();
    this.#session.stop();
    this.remove();
  }

  #build() {
    this.#composer = new Composer({
      onText: (text) => this.#say({ type: "text", text }),
      onPicture: (file) => void this.#sendPicture(file),
      onPerson: () => {
        this.#say({ type: "text", text: this.#texts.personRequest });
        this.#composer.focus();
      },
      onEnd: () => void this.#end(),
    });
    this.#frame = new Frame(this.#composer.element, () => {
      void this.#try(() => this.#session.change("return-to-bot"));
      this.#composer.focus();
    });
    const { launcher, closer, panel, content } = this.#frame;
    this.#timeline = new Timeline(this.#frame);
    this.#rating = new Rating((score, comment) =>
      this.#try(() => this.#session.change("rating", { score, comment })));
    content.append(this.#rating.element);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(launcher, panel);
    launcher.addEventListener("click", () => this.open());
    closer.addEventListener("click", () => this.close());
    panel.addEventListener("keydown", (event) => this.#key(event));
    panel.addEventListener("dragover", (event) => event.preventDefault());
    panel.addEventListener("drop", (event) => {
      // Anything else dropped here would replace the shop's page.
      event.preventDefault();
      this.#composer.take(event.dataTransfer, event);
    });
    const { signal } = this.#ended;
    this.#prefersDark.addEventListener("change", () => this.setTheme(this.#theme), { signal });
    document.addEventListener("visibilitychange", () => this.#drawSoon(), { signal });
    // The on-screen keyboard of a phone shrinks only the visual viewport.
    window.visualViewport?.addEventListener("resize", () => this.#fit(), { signal });
    this.#fit();
  }

  /** @returns {Promise<string>} what to tell the customer where it did not work */
  async #try(act) {
    try {
      await act();
      return "";
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      const words = this.#texts.didNotWork;
      this.#composer.warn(words);
      return words;
    }
  }

  async #end() {
    if (await this.#try(() => this.#session.change("close"))) return;
    this.#draw();
    this.#timeline.toEnd();
    if (!this.#rating.focus()) this.#composer.focus();
  }

  async #sendPicture(file) {
    const { outbox, limits } = this.#session;
    const slug = await outbox.sendPicture(file, limits);
    if (slug) this.#composer.warn(whyNot(slug, this.#texts, limits));
  }

  #fit() {
    const viewport = window.visualViewport;
    if (viewport) this.style.setProperty("--_height", `${Math.round(viewport.height)}px`);
  }

  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.close();
      // Full screen the panel is modal: the focus must not wander behind it.
    } else if (event.key === "Tab" && this.#narrow.matches) keepInside(this.#frame.panel, event);
  }

  #page() {
    const given = this.#settings.page;
    const page = typeof given === "function" ? given() : given;
    const kind = this.#product ? "product" : "home";
    const product = this.#product ? { product_id: this.#product } : {};
    return { kind, url: location.href, title: document.title, ...page, ...product };
  }

  #say(part) {
    this.#session.outbox.send([part]);
  }

  #hear(type, detail) {
    if (type === "reset") {
      // Signed out in another tab: this one must not go on showing the window of a stranger.
      if (!detail.here) this.close();
      else if (this.#isOpen) void this.#session.start();
      return;
    }
    this.#emit(type, type === "message" ? { message: detail } : detail);
  }

  #drawSoon() {
    if (this.#drawing) return;
    this.#drawing = true;
    // Not in an animation frame: those do not come while the tab is hidden.
    queueMicrotask(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw() {
    const session = this.#session;
    const { transcript, shop, welcome, hours, limits, pictures } = session;
    const { conversation } = transcript;
    const texts = this.#texts;
    const frame = this.#frame;
    const shopName = shop?.name ?? "";
    if (this.#isOpen && !document.hidden) session.markSeen();
    this.#speak(texts, shopName);
    frame.showHours(hours, texts);
    frame.showHolder(conversation, texts);
    frame.showConnection(session, texts);
    const asked = transcript.unsent.size > 0 ||
      [...transcript.messages.values()].some(({ sender }) => sender.kind === "customer");
    frame.showWelcome(welcome, !asked, (text) => this.#say({ type: "text", text }));
    const holder = conversation?.holder;
    this.#composer.offer({
      person: holder !== "queue" && holder !== "agent",
      end: asked && Boolean(holder) && holder !== "nobody",
      pictures: isOff(this.#settings.images) ? null : limits?.upload_types ?? null,
      longest: limits?.message,
    });
    this.#timeline.show(transcript, {
      texts,
      shopName,
      limits,
      pictures,
      locale: this.#locale,
      now: new Date(),
      goesOn: holder !== "nobody",
      act: {
        choose: ({ id, text }) => this.#say({ type: "choice", id, text }),
        retry: (id) => session.outbox.retry(id),
        enlarge: (image) => frame.enlarge(image),
      },
    });
    this.#rating.show(conversation, texts);
    this.#showUnread();
  }

  #speak(texts, shopName) {
    const spoken = `${this.#locale} ${shopName}`;
    if (spoken === this.#spoken) return;
    this.#spoken = spoken;
    this.#frame.speak(texts, shopName);
    this.#composer.speak(texts);
  }

  #showUnread() {
    const unread = this.#session.unread;
    this.#frame.showUnread(unread, this.#texts);
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#emit("unread", { count: unread });
  }
}

/**
 * Puts the chat window on the page.
 * @param {{base: URL, settings: Record<string, any>, emit: (name: string, detail?: any) => void}}
 *   options
 * @returns {ChatElement}
 */
export function mount(options) {
  if (!customElements.get(TAG)) customElements.define(TAG, ChatElement);
  const chat = document.createElement(TAG);
  document.body.append(chat);
  chat.connect(options);
  return chat;
}
