/**
 * HTML of a message as nodes. The server has sanitised it; this is the second lock:
 * parsed into an inert document and copied element by element from a short allow list.
 */
import { webAddress } from "./dom.js";

const KEPT = new Set([
  "A",
  "B",
  "BLOCKQUOTE",
  "BR",
  "CODE",
  "DEL",
  "EM",
  "H1",
  "H2",
  "H3",
  "H4",
  "H5",
  "H6",
  "HR",
  "I",
  "LI",
  "OL",
  "P",
  "PRE",
  "S",
  "STRONG",
  "SUB",
  "SUP",
  "TABLE",
  "TBODY",
  "TD",
  "TH",
  "THEAD",
  "TR",
  "UL",
]);

// Their text is code, not words for a reader; every other unknown element leaves its text behind.
const SILENT = new Set([
  "SCRIPT",
  "STYLE",
  "TEMPLATE",
  "IFRAME",
  "OBJECT",
  "EMBED",
  "NOSCRIPT",
  "SVG",
  "MATH",
  "TEXTAREA",
  "SELECT",
  "HEAD",
  "TITLE",
]);

// Deeper than any real answer; a hostile nest must not exhaust the stack.
const DEEPEST = 40;

/** A fragment with the allowed elements of `html`, without any attribute but a link's address. */
export function markup(html) {
  const parsed = new DOMParser().parseFromString(String(html), "text/html");
  const fragment = document.createDocumentFragment();
  copyChildren(parsed.body, fragment, 0);
  return fragment;
}

function copyChildren(from, to, depth) {
  for (const node of from.childNodes) copy(node, to, depth);
}

function copy(node, to, depth) {
  if (node.nodeType === Node.TEXT_NODE) {
    to.append(node.data);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const name = node.nodeName.toUpperCase();
  if (SILENT.has(name)) return;
  if (depth >= DEEPEST) {
    to.append(node.textContent);
    return;
  }
  if (!KEPT.has(name)) {
    if (name === "IMG" && node.getAttribute("alt")) to.append(node.getAttribute("alt"));
    copyChildren(node, to, depth + 1);
    return;
  }
  const twin = document.createElement(name);
  if (name === "A") link(twin, node.getAttribute("href"));
  copyChildren(node, twin, depth + 1);
  to.append(twin);
}

function link(anchor, address) {
  const callable = /^(tel:[+\d-]+|mailto:[^\s]+)$/i.test(address ?? "") ? address : null;
  const href = callable ?? (address ? webAddress(address) : null);
  if (href === null) return;
  anchor.href = href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
}
