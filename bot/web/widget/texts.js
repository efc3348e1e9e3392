/** The widget's own words in the languages it speaks. What the shop says comes from the server. */

const ZH_CN = {
  launch: "打开客服对话",
  launchUnread: (n) => `打开客服对话，${n} 条未读消息`,
  panel: (shop) => (shop ? `${shop}客服` : "在线客服"),
  close: "关闭对话",
  history: "对话记录",
  questions: "常见问题",
  placeholder: "请输入您的问题…",
  send: "发送",
  person: "转人工",
  personRequest: "转人工",
  image: "发送图片",
  bot: "机器人",
  agent: "人工客服",
  you: "我",
  aiGenerated: "AI 生成",
  sources: "参考",
  typing: (who) => `${who}正在输入…`,
  sending: "发送中…",
  failed: "发送失败",
  retry: "重试",
  offline: "网络已断开，正在重新连接…",
  connecting: "正在连接…",
  unavailable: "客服暂时连接不上，请稍后再试。",
  waiting: "正在为您转接人工客服，请稍候",
  position: (n) => `正在为您转接人工客服，您排在第 ${n} 位`,
  withAgent: (name) => (name ? `人工客服 ${name} 正在为您服务` : "人工客服正在为您服务"),
  closed: "本次对话已结束，继续留言即可重新开始",
  rateLimited: (s) => (s ? `发得有点快，请 ${s} 秒后再试` : "发得有点快，请稍等片刻再试"),
  tooLong: (max) => `超过 ${max} 字，请分几条发送`,
  left: (n) => `还可输入 ${n} 字`,
  newMessages: "有新消息",
  unreadable: "暂不支持查看此类消息",
  picture: "图片",
  viewOrder: "查看订单",
  viewProduct: "查看商品",
  yesterday: "昨天",
};

const ZH_TW = {
  launch: "開啟客服對話",
  launchUnread: (n) => `開啟客服對話，${n} 則未讀訊息`,
  panel: (shop) => (shop ? `${shop}客服` : "線上客服"),
  close: "關閉對話",
  history: "對話紀錄",
  questions: "常見問題",
  placeholder: "請輸入您的問題…",
  send: "傳送",
  person: "轉接真人客服",
  personRequest: "轉人工",
  image: "傳送圖片",
  bot: "機器人",
  agent: "真人客服",
  you: "我",
  aiGenerated: "AI 生成",
  sources: "參考資料",
  typing: (who) => `${who}正在輸入…`,
  sending: "傳送中…",
  failed: "傳送失敗",
  retry: "重試",
  offline: "網路已中斷，正在重新連線…",
  connecting: "連線中…",
  unavailable: "客服暫時無法連線，請稍後再試。",
  waiting: "正在為您轉接真人客服，請稍候",
  position: (n) => `正在為您轉接真人客服，您目前排在第 ${n} 位`,
  withAgent: (name) => (name ? `真人客服 ${name} 正在為您服務` : "真人客服正在為您服務"),
  closed: "本次對話已結束，再次留言即可重新開始",
  rateLimited: (s) => (s ? `您傳送得有點快，請於 ${s} 秒後再試` : "您傳送得有點快，請稍候再試"),
  tooLong: (max) => `超過 ${max} 字，請分成幾則傳送`,
  left: (n) => `還可輸入 ${n} 字`,
  newMessages: "有新訊息",
  unreadable: "目前無法顯示此類訊息",
  picture: "圖片",
  viewOrder: "查看訂單",
  viewProduct: "查看商品",
  yesterday: "昨天",
};

const EN = {
  launch: "Open chat",
  launchUnread: (n) => `Open chat, ${n} unread ${n === 1 ? "message" : "messages"}`,
  panel: (shop) => (shop ? `${shop} support` : "Customer support"),
  close: "Close chat",
  history: "Conversation",
  questions: "Common questions",
  placeholder: "Type your question…",
  send: "Send",
  person: "Talk to a person",
  personRequest: "I'd like to talk to a person",
  image: "Send a picture",
  bot: "Bot",
  agent: "Support agent",
  you: "You",
  aiGenerated: "AI-generated",
  sources: "Sources",
  typing: (who) => `${who} is typing…`,
  sending: "Sending…",
  failed: "Not sent",
  retry: "Try again",
  offline: "You are offline. Reconnecting…",
  connecting: "Connecting…",
  unavailable: "We cannot be reached right now. Please try again later.",
  waiting: "Connecting you to a person, one moment please",
  position: (n) => `Connecting you to a person, you are number ${n} in line`,
  withAgent: (name) => (name ? `You are talking to ${name}` : "You are talking to a person"),
  closed: "This conversation has ended. Write again to start over.",
  rateLimited: (s) =>
    s ? `That was a little fast. Please try again in ${s} s` : "That was a little fast, wait a bit",
  tooLong: (max) => `More than ${max} characters, please send it in parts`,
  left: (n) => `${n} characters left`,
  newMessages: "New messages",
  unreadable: "This kind of message cannot be shown here",
  picture: "Picture",
  viewOrder: "View order",
  viewProduct: "View product",
  yesterday: "Yesterday",
};

const TEXTS = { "zh-CN": ZH_CN, "zh-TW": ZH_TW, en: EN };

/**
 * The spoken locale nearest to a language tag.
 * @param {string | undefined} tag
 * @returns {"zh-CN" | "zh-TW" | "en"}
 */
export function nearestLocale(tag) {
  const wanted = (tag ?? "").toLowerCase().replaceAll("_", "-");
  if (!wanted.startsWith("zh")) return wanted ? "en" : "zh-CN";
  return /hant|-tw|-hk|-mo/.test(wanted) ? "zh-TW" : "zh-CN";
}

/** The words of a locale. @param {"zh-CN" | "zh-TW" | "en"} locale @returns {typeof ZH_CN} */
export function textsOf(locale) {
  return TEXTS[locale];
}
