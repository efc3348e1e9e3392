/** The typed parts of a message. */
import { make, pictureAddress, webAddress } from "./dom.js";
import { markup } from "./markup.js";
import { t } from "./texts.js";

const DRAWN = {
  text: (part) =>
    part.html
      ? make("div", { class: "text rich" }, markup(part.html))
      : make("div", { class: "text" }, part.text),
  choices: (part) =>
    make(
      "div",
      { class: "choices" },
      part.prompt && make("p", {}, part.prompt),
      make(
        "ul",
        {},
        (part.options ?? []).map((option) => make("li", {}, option.text)),
      ),
    ),
  related: (part) =>
    make(
      "ul",
      { class: "choices muted" },
      (part.options ?? []).map((option) => make("li", {}, option.text)),
    ),
  choice: (part) =>
    make("div", { class: "text" }, make("span", { class: "kind" }, t("part.choice")), part.text),
  order_card: (part) =>
    make(
      "div",
      { class: "card" },
      make(
        "div",
        { class: "row" },
        make("span", { class: "kind" }, t("part.order")),
        link(part.order_id, part.url),
        make("span", { class: "gap" }),
        make("span", { class: "label plain" }, part.status_text ?? part.status),
      ),
      part.title && make("strong", {}, part.title),
      lines(part.lines),
    ),
  product_card: (part) =>
    make(
      "div",
      { class: "card" },
      make(
        "div",
        { class: "row" },
        picture(part.image, ""),
        make("span", { class: "kind" }, t("part.product")),
        link(part.name, part.url),
        make("span", { class: "gap" }),
        part.price !== undefined && make("span", {}, `¥${part.price}`),
      ),
    ),
  image: (part) => {
    const address = part.upload ? `/api/desk/uploads/${encodeURIComponent(part.upload)}` : part.url;
    return make(
      "div",
      { class: "text" },
      picture(address, part.name) ?? link(`[${t("part.image")}] ${part.name ?? ""}`, address),
    );
  },
  unsupported: (part) => make("div", { class: "text muted" }, part.note || t("part.unsupported")),
};

/** One part as a node; a kind from a newer server is named instead of dropped. */
export function drawn(part) {
  const draw = Object.hasOwn(DRAWN, part.type) ? DRAWN[part.type] : unknown;
  return draw(part);
}

/** The words of a message, for the live region. */
export function words(message) {
  return (message.parts ?? [])
    .map((part) => part.text ?? part.prompt ?? part.title ?? part.name ?? part.note ?? "")
    .join(" ")
    .trim();
}

function unknown(part) {
  return make("div", { class: "text muted" }, t("part.unknown", { type: part.type }));
}

function lines(list) {
  return (
    list?.length > 0 &&
    make(
      "ul",
      { class: "lines" },
      list.map((line) => make("li", {}, line)),
    )
  );
}

function link(text, address) {
  const href = address ? webAddress(address) : null;
  if (href === null) return make("span", {}, text);
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function picture(address, name) {
  const src = pictureAddress(address);
  if (src === null) return null;
  const node = make("img", { src, alt: name ?? t("part.image"), loading: "lazy" });
  // A picture that is gone leaves its name instead of a broken frame.
  node.addEventListener("error", () =>
    node.replaceWith(make("span", { class: "muted" }, node.alt)),
  );
  return node;
}
