/** The demo shop: a listing, a product page, signing in as an invented customer, languages. */

const WORDS = {
  "zh-CN": {
    brand: "山屿生活", skip: "跳到内容", categories: "分类", language: "语言", all: "全部",
    signIn: "登录", signedInAs: "已登录", signOut: "退出",
    season: "2026 冬 · 新上架", headline: "山间的暖，岛上的慢",
    lead: "衣物、床品、家电与一盏热茶，把日子过得安稳一些。",
    tryAsking: "试试问：", back: "← 全部商品", ask: "咨询客服",
    footer: "山屿生活是演示店铺，商品、订单和顾客均为虚构。",
    hints: ["七天无理由退货怎么算？", "我的订单到哪了？", "羽绒服怎么选尺码？", "我要转人工"],
    productHints: ["这款有货吗？", "多久能发货？", "不合适可以退吗？"],
  },
  "zh-TW": {
    brand: "山嶼生活", skip: "跳到內容", categories: "分類", language: "語言", all: "全部",
    signIn: "登入", signedInAs: "已登入", signOut: "登出",
    season: "2026 冬 · 新上架", headline: "山間的暖，島上的慢",
    lead: "衣物、寢具、家電與一盞熱茶，把日子過得安穩一些。",
    tryAsking: "試試問：", back: "← 全部商品", ask: "詢問客服",
    footer: "山嶼生活是示範商店，商品、訂單和顧客皆為虛構。",
    hints: ["七天無理由退貨怎麼算？", "我的訂單到哪了？", "羽絨外套怎麼選尺寸？", "我要找真人客服"],
    productHints: ["這款有現貨嗎？", "多久會出貨？", "不合適可以退嗎？"],
  },
  en: {
    brand: "Shanyu Living", skip: "Skip to content", categories: "Categories", all: "All",
    language: "Language", signIn: "Sign in", signedInAs: "Signed in", signOut: "Sign out",
    season: "Winter 2026 · just in", headline: "Mountain warm, island slow",
    lead: "Clothing, bedding, appliances and a hot cup of tea, for calmer days.",
    tryAsking: "Try asking:", back: "← All products", ask: "Ask about it",
    footer: "Shanyu Living is a demo shop; its products, orders and customers are invented.",
    hints: ["How do returns work?", "Where is my order?", "Which size should I take?",
      "Can I talk to a person?"],
    productHints: ["Is it in stock?", "How soon will it ship?", "Can I return it?"],
  },
};

const CATEGORIES = {
  wear: ["服装", "服裝", "Clothing"],
  bed: ["床品", "寢具", "Bedding"],
  home: ["家电", "家電", "Appliances"],
  living: ["家具", "家具", "Furniture"],
  tea: ["茶与零食", "茶與零食", "Tea & snacks"],
};

/** Names and lines in the order of the languages of WORDS. */
const PRODUCTS = [
  {
    id: "SY-DJ01", category: "wear", art: "jacket", tone: "sky", price: 499,
    name: ["轻羽短款羽绒服", "輕羽短版羽絨外套", "Feather-Light Short Down Jacket"],
    line: ["白鸭绒填充，M 码约 480 g", "白鴨絨填充，M 號約 480 g", "White duck down, about 480 g in M"],
    facts: [
      ["填充", "填充", "Filling", "90 %"], ["尺码", "尺寸", "Sizes", "S – 3XL"],
    ],
  },
  {
    id: "SY-CJ04", category: "bed", art: "bed", tone: "mist", price: 399,
    name: ["60 支长绒棉四件套", "60 支長絨棉四件組", "60-Count Cotton Bedding Set"],
    line: ["全棉贡缎，被套、床单、枕套两只", "全棉貢緞，被套、床單、枕套兩只",
      "All cotton sateen, four pieces"],
    facts: [["床宽", "床寬", "Bed width", "1.5 / 1.8 / 2.0 m"]],
  },
  {
    id: "SY-DF11", category: "home", art: "cooker", tone: "clay", price: 329,
    name: ["4L 智能电饭煲", "4L 智慧電子鍋", "4 L Smart Rice Cooker"],
    line: ["2–8 杯米，24 小时预约", "2–8 杯米，24 小時預約", "2–8 cups, 24-hour timer"],
    facts: [["容量", "容量", "Capacity", "4 L"], ["功率", "功率", "Power", "860 W"]],
  },
  {
    id: "SY-SF25", category: "living", art: "sofa", tone: "sand", price: 3699,
    name: ["三人布艺沙发", "三人座布沙發", "Three-Seat Fabric Sofa"],
    line: ["坐垫和靠背外套可拆洗", "坐墊和靠背外套可拆洗", "Removable seat and back covers"],
    facts: [["尺寸", "尺寸", "Size", "210 × 92 × 85 cm"], ["坐高", "坐高", "Seat", "43 cm"]],
  },
  {
    id: "SY-CY31", category: "tea", art: "tea", tone: "mist", price: 168,
    name: ["明前龙井 100g", "明前龍井 100g", "Pre-Qingming Longjing 100 g"],
    line: ["2026 年春茶，产地浙江", "2026 年春茶，產地浙江", "Spring 2026, from Zhejiang"],
    facts: [["净含量", "淨重", "Net weight", "100 g"]],
  },
  {
    id: "SY-MR02", category: "wear", art: "sweater", tone: "sand", price: 239,
    name: ["美利奴羊毛打底衫", "美麗諾羊毛衛生衣", "Merino Base Layer"],
    line: ["全羊毛，18.5 微米纤维", "全羊毛，18.5 微米纖維", "All wool, 18.5 micron fibre"],
    facts: [["尺码", "尺寸", "Sizes", "S – XXL"], ["克重", "克重", "Weight", "190 g/m²"]],
  },
  {
    id: "SY-JH13", category: "home", art: "purifier", tone: "sky", price: 1299,
    name: ["空气净化器", "空氣清淨機", "Air Purifier"],
    line: ["适用 28–48 ㎡，可连 App", "適用 28–48 ㎡，可連 App", "For 28–48 m², works with an app"],
    facts: [["CADR", "CADR", "CADR", "400 m³/h"], ["功率", "功率", "Power", "45 W"]],
  },
  {
    id: "SY-JG32", category: "tea", art: "nuts", tone: "clay", price: 129,
    name: ["每日坚果 30 袋", "每日堅果 30 包", "Daily Nuts, 30 Packs"],
    line: ["四种坚果和两种果干", "四種堅果和兩種果乾", "Four nuts and two dried fruits"],
    facts: [["净含量", "淨重", "Net weight", "25 g × 30"]],
  },
];

const SVG = "http://www.w3.org/2000/svg";
const LANGUAGES = Object.keys(WORDS);
const $ = (id) => document.getElementById(id);

// The widget's script is async: it may have run already, or not.
const widget = window.kefu
  ? Promise.resolve(window.kefu)
  : new Promise((found) => {
      window.addEventListener("kefu:ready", () => found(window.kefu), { once: true });
    });

let language = LANGUAGES.includes(localStorage.getItem("shop:language"))
  ? localStorage.getItem("shop:language")
  : "zh-CN";
window.kefuSettings = { locale: language, ...window.kefuSettings };

const words = () => WORDS[language];
const said = (names) => names[LANGUAGES.indexOf(language)];

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function picture({ art, tone }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "art");
  svg.setAttribute("viewBox", "0 0 120 120");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#art-${art}`);
  svg.append(use);
  return make("div", { class: "picture", "data-tone": tone }, svg);
}

const price = (yuan) => `¥${yuan.toLocaleString("en")}`;

function tile(product) {
  return make("a", { class: "tile", href: `#/product/${product.id}` },
    picture(product),
    make("h3", { class: "name", text: said(product.name) }),
    make("p", { class: "summary", text: said(product.line) }),
    make("p", { class: "price", text: price(product.price) }));
}

function listing(category) {
  const shown = PRODUCTS.filter((product) => !category || product.category === category);
  const heading = category ? said(CATEGORIES[category]) : words().all;
  return [
    make("h2", { class: "heading", text: heading }),
    make("div", { class: "grid" }, ...shown.map(tile)),
  ];
}

function productPage(product) {
  const facts = product.facts.flatMap((fact) => [
    make("dt", { text: said(fact) }), make("dd", { text: fact.at(-1) }),
  ]);
  const ask = make("button", { class: "ask", type: "button", text: words().ask });
  ask.addEventListener("click", () => widget.then((kefu) => kefu.open()));
  return [
    make("a", { class: "back", href: "#/", text: words().back }),
    make("article", { class: "product" },
      picture(product),
      make("div", {},
        make("h1", { text: said(product.name) }),
        make("p", { class: "price", text: price(product.price) }),
        make("p", { class: "summary", text: said(product.line) }),
        make("dl", {}, ...facts),
        ask)),
  ];
}

function show() {
  const [, kind, id] = location.hash.split("/");
  const product = kind === "product" && PRODUCTS.find((one) => one.id === id);
  const category = kind === "category" && id in CATEGORIES ? id : null;
  const title = product ? `${said(product.name)} · ${words().brand}` : words().brand;
  document.title = title;
  $("hero").hidden = Boolean(product || category);
  $("view").replaceChildren(...(product ? productPage(product) : listing(category)));
  $("hints").replaceChildren(
    ...(product ? words().productHints : words().hints).map((text) => make("li", { text })),
  );
  $("categories").replaceChildren(
    ...[[null, words().all], ...Object.keys(CATEGORIES).map((key) => [key, said(CATEGORIES[key])])]
      .map(([key, text]) => {
        const link = make("a", { href: key ? `#/category/${key}` : "#/", text });
        if (key === category && !product) link.setAttribute("aria-current", "page");
        return link;
      }),
  );
  // A product that this listing does not carry may still be known to the bot.
  widget.then((kefu) => kefu.setProduct(kind === "product" && id ? id : null));
}

function speak(chosen) {
  language = chosen;
  localStorage.setItem("shop:language", language);
  document.documentElement.lang = language;
  $("language").value = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = words()[element.dataset.text];
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words()[element.dataset.label]);
  }
  show();
  widget.then((kefu) => kefu.setLocale(language));
}

async function signIn(customer) {
  const response = await fetch("/demo/identity", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ customer_id: customer }),
  });
  if (!response.ok) return signOut();
  const { identity } = await response.json();
  localStorage.setItem("shop:customer", customer);
  $("customer").value = customer;
  $("sign-out").hidden = false;
  (await widget).setUser(identity);
}

async function signOut() {
  localStorage.removeItem("shop:customer");
  $("customer").value = "";
  $("sign-out").hidden = true;
  (await widget).reset();
}

async function listCustomers() {
  const response = await fetch("/demo/customers");
  // A server that runs a real shop has no demo customers: then nobody can sign in here.
  if (!response.ok) return;
  const customers = await response.json();
  $("customer").append(...customers.map(({ id, name, note }) =>
    make("option", { value: id, text: note ? `${name} · ${note}` : name })));
  const known = localStorage.getItem("shop:customer");
  if (customers.some(({ id }) => id === known)) await signIn(known);
}

// Product cards in the chat link to the shop's product pages, which here are views of this page.
document.addEventListener("click", (event) => {
  const link = event.composedPath().find((node) => node.localName === "a" && node.pathname);
  const [, id] = /^\/product\/([\w-]+)$/.exec(link?.pathname ?? "") ?? [];
  if (!id || link.origin !== location.origin) return;
  event.preventDefault();
  location.hash = `#/product/${id}`;
});
$("language").addEventListener("change", (event) => speak(event.target.value));
$("customer").addEventListener("change", (event) =>
  event.target.value ? signIn(event.target.value) : signOut());
$("sign-out").addEventListener("click", signOut);
window.addEventListener("hashchange", () => {
  show();
  window.scrollTo(0, 0);
});
speak(language);
listCustomers();
