/** Elements, icons and rich text under a strict Content-Security-Policy. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M4 12a8 8 0 1 1 3.6 6.7L4 20l1-3.8A8 8 0 0 1 4 12ZM9 10.5h6M9 14h4",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  person: "M5 15v-3a7 7 0 0 1 14 0v3M5 13h2v5H5ZM19 13h-2v5h2ZM19 18a5 5 0 0 1-5 3",
  bot: "M5 9h14v9H5ZM12 9V5M9 13v1M15 13v1",
  image: "M5 5h14v14H5ZM5 16l4-4 7 7M15 9v0",
  box: "m12 3 8 4v9l-8 5-8-5V7ZM4 7l8 5 8-5M12 12v9",
  arrow: "M5 12h14M13 6l6 6-6 6",
  retry: "M19 12a7 7 0 1 1-2-5M19 4v4h-4",
};

const TAGS = new Set(
  ("p br hr strong b em i u s del code pre ul ol li blockquote h1 h2 h3 h4 h5 h6 sup sub span a " +
    "table thead tbody tr th td").split(" "),
);

/**
 * Makes an element. Attributes that are null or false are left out; `on…` are listeners.
 * @param {string} tag
 * @param {Record<string, any>} [given]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

/** @param {keyof typeof ICONS} name @returns {SVGElement} which a screen reader passes over */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Leads the focus from the last place in an element to its first, and back.
 * @param {HTMLElement} element
 * @param {KeyboardEvent} event of the Tab key
 */
export function keepInside(element, event) {
  const places = "a[href], button, textarea, input, [tabindex='0']";
  const reachable = [...element.querySelectorAll(places)].filter(
    (place) => !place.disabled && place.offsetParent !== null,
  );
  const [first, last] = [reachable[0], reachable.at(-1)];
  const active = element.getRootNode().activeElement;
  if (event.shiftKey ? active !== first && active !== element : active !== last) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** @param {string | null | undefined} address @returns {string | null} null if it is not safe */
export function safeAddress(address) {
  if (!address || !URL.canParse(address, document.baseURI)) return null;
  const { protocol, href } = new URL(address, document.baseURI);
  return /^(https?|mailto|tel):$/.test(protocol) ? href : null;
}

/**
 * Attributes of a link: the shop's own pages stay in this tab, others open in a new one.
 * @param {string | null | undefined} address
 * @returns {Record<string, string>} empty for an address that is not safe
 */
export function linkTo(address) {
  const href = safeAddress(address);
  if (!href) return {};
  const own = new URL(href).origin === location.origin;
  return own ? { href } : { href, target: "_blank", rel: "noopener noreferrer nofollow" };
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    const tag = node.localName;
    if (!tag || /^(script|style|template|iframe|object|svg|math|title)$/.test(tag)) continue;
    // Every element is made anew, so no attribute comes along but those of a safe link.
    const link = tag === "a" ? linkTo(node.getAttribute("href")) : {};
    const made = TAGS.has(tag) ? make(tag, link) : null;
    copy(node, made ?? to);
    if (made) to.append(made);
  }
}

let policy;

/** What a page that requires Trusted Types lets through; it may allow or forbid our policy. */
function trusted(html) {
  const createHTML = (words) => words;
  policy ??= window.trustedTypes?.createPolicy("kefu", { createHTML }) ?? { createHTML };
  return policy.createHTML(html);
}

/**
 * Shows the server's sanitised HTML through a second sieve, or the plain text where the page
 * forbids parsing.
 * @param {HTMLElement} into
 * @param {string} html
 * @param {string} text
 */
export function showMarkup(into, html, text) {
  const template = document.createElement("template");
  try {
    template.innerHTML = trusted(html);
    copy(template.content, into);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    into.textContent = text;
    into.classList.add("plain");
  }
}
