/**
 * The one script tag: `<script async src="https://chat.example/widget.js"></script>`.
 *
 * A classic script, so that an old page template can carry it. It puts `window.kefu` in place at
 * once, remembers calls made before the widget has loaded, and imports the modules from the
 * server that this file came from.
 *
 * Settings come from `window.kefuSettings`, and from `data-` attributes where that has none:
 * locale, position ("right" | "left"), theme ("auto" | "light" | "dark"), product, identity (or
 * user.identity), page ({kind, url, title, product_id}), images (boolean), open (boolean).
 */
(() => {
  "use strict";
  // A page that carries the tag twice still gets one widget.
  if (window.kefu) return;

  const script = document.currentScript;
  // A framework took the tag away before it ran: nobody wants the chat any more.
  if (script && !script.isConnected) return;

  const source = new URL(script?.src || "/widget.js", document.baseURI);
  const base = new URL(source.pathname.endsWith("/web/widget.js") ? ".." : ".", source);
  const listeners = new Map();
  const early = [];
  let chat = null;
  let gone = false;

  /** Tells the page, in a microtask: a listener that throws harms nobody else. */
  const emit = (name, detail = {}) => {
    for (const listener of listeners.get(name) ?? []) queueMicrotask(() => listener(detail));
  };

  const api = {
    /** Listens to ready, open, close, message, unread or handoff; returns how to stop. */
    on(name, listener) {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name).add(listener);
      // Whoever comes late has not missed it.
      if (name === "ready" && chat) queueMicrotask(() => listener({}));
      return () => listeners.get(name).delete(listener);
    },
    /** Takes the widget off the page; the same tag may bring it back. */
    destroy() {
      gone = true;
      chat?.destroy();
      listeners.clear();
      if (window.kefu === api) delete window.kefu;
    },
  };
  const calls = [
    "open", "close", "toggle", "setUser", "setProduct", "setLocale", "setTheme", "reset",
  ];
  for (const call of calls) {
    api[call] = (...given) => (chat ? chat[call](...given) : void early.push([call, given]));
  }
  window.kefu = api;

  const body = new Promise((found) => {
    if (document.body) found();
    else document.addEventListener("DOMContentLoaded", found, { once: true });
  });
  Promise.all([import(new URL("web/widget/element.js", base).href), body]).then(
    ([{ mount }]) => {
      if (gone) return;
      const settings = { ...(script?.dataset ?? {}), ...window.kefuSettings };
      chat = mount({ base, settings, emit });
      emit("ready");
      for (const [call, given] of early.splice(0)) chat[call](...given);
      window.dispatchEvent(new Event("kefu:ready"));
    },
    (error) => console.error("kefu: the chat widget could not be loaded from", base.href, error),
  );
})();
