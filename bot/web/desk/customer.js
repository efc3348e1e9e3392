/** Who the customer is and what they bought. */
import { make } from "./dom.js";
import { named, t } from "./texts.js";

export class CustomerPanel extends HTMLElement {
  #drawn = "";

  /** @param detail the open conversation's detail, or null */
  show(detail) {
    const drawn = JSON.stringify([
      t("customer.heading"),
      detail?.customer,
      detail?.orders,
      detail?.conversation.locale,
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (detail === null) this.replaceChildren();
    else this.replaceChildren(...panel(detail));
  }
}

function panel({ customer, orders, conversation }) {
  return [
    make(
      "section",
      { "aria-label": t("customer.heading"), testid: "desk-customer" },
      make("h2", {}, t("customer.heading")),
      make(
        "div",
        { class: "row" },
        make("strong", { class: "name" }, customer.name || t("customer.nameless")),
        make(
          "span",
          { class: `label ${customer.signed_in ? "good" : "plain"}` },
          t(customer.signed_in ? "customer.signed_in" : "customer.guest"),
        ),
      ),
      make(
        "dl",
        {},
        fact("customer.membership", customer.membership && named("membership", customer.membership)),
        fact("customer.id", customer.id),
        fact("customer.locale", conversation.locale && named("locale", conversation.locale)),
      ),
    ),
    make(
      "section",
      { "aria-label": t("customer.orders"), testid: "desk-orders" },
      make(
        "h2",
        {},
        t("customer.orders"),
        orders?.length > 0 && make("span", { class: "count" }, orders.length),
      ),
      orders?.length > 0
        ? orders.map(order)
        : make(
            "p",
            { class: "muted" },
            t(customer.signed_in ? "customer.no_orders" : "customer.no_orders.guest"),
          ),
    ),
  ];
}

function fact(key, value) {
  return value && [make("dt", {}, t(key)), make("dd", {}, value)];
}

function order({ order_id: id, title, status_text: status, lines }) {
  return make(
    "article",
    { class: "order", testid: "desk-order", "data-id": id },
    make(
      "div",
      { class: "row" },
      make("code", {}, id),
      make("span", { class: "gap" }),
      status && make("span", { class: "label notice" }, status),
    ),
    title && make("p", {}, title),
    lines?.length > 0 &&
      make(
        "ul",
        { class: "lines" },
        lines.map((line) => make("li", {}, line)),
      ),
  );
}

customElements.define("desk-customer", CustomerPanel);
