// The page's own words, in the language of whoever is chosen.

const WORDS = {
  en: {
    note: "Playground: Telegram's stand-in. Choose who you are.",
    people: "Who you are", groups: "Chats", addPerson: "Add a person", unread: "new messages",
    openPeople: "Choose who you are", closePeople: "Close the list", skip: "Skip to the message box",
    bot: "bot", group: "group", typing: "typing…", offline: "connecting…", messages: "Messages", newest: "Go to the newest message",
    newestCount: "{n} new messages below",
    clock: "The playground's clock", hour: "+1 h", day: "+1 day", next: "Next reminder", nextLong: "Go to the next reminder",
    hourLong: "One hour later", dayLong: "One day later", nothingDue: "No reminder is waiting.",
    theme: "Colours", light: "light", dark: "dark", auto: "as the system",
    write: "Message", send: "Send", save: "Save", attach: "Attach", commands: "Commands", keyboard: "Bot's keyboard",
    start: "Start", fresh: "No messages here yet", freshNote: "Press Start and say hello to Amity.",
    photo: "Photo", file: "File", sticker: "Sticker", voice: "Voice message", video: "Video", location: "Location", contact: "Contact", poll: "Poll",
    pollQuestion: "Where shall we meet?", pollFirst: "In the park", pollSecond: "By the harbour", pollThird: "In the hall",
    caption: "Caption", cancel: "Cancel", close: "Close", ok: "OK", reply: "Reply", editing: "Edit message", replyTo: "Reply to {name}",
    edit: "Edit", copy: "Copy text", copied: "Copied", actions: "Message actions", edited: "edited", sent: "Sent", you: "You",
    share: "Share", shareNote: "Telegram would now let you choose whom to send this to:", download: "Download {name}",
    openMap: "Open the map", spoiler: "Hidden text, press to show", expand: "Show more", collapse: "Show less",
    forwarded: "Forwarded from {name}", votes: "Votes: {n}", joined: "{name} joined", left: "{name} left", pinned: "Message pinned",
    unknown: "This kind of message isn't shown here", today: "Today", yesterday: "Yesterday", reader: "your time", waiting: "waiting for the answer",
    noAnswer: "The bot hasn't answered.", failed: "That didn't work: {why}", firstName: "First name", lastName: "Last name", language: "Language", add: "Add",
    topics: "Topics", topicsAll: "All", topicOpened: "Topic opened: {name}", topicClosed: "Topic closed", topicReopened: "Topic opened again",
    opensNew: "opens a new tab", openLink: "Open this link?", open: "Open",
  },
  hant: {
    note: "試玩場：代替 Telegram 的聊天頁。請選擇你的身份。",
    people: "你的身份", groups: "對話", addPerson: "新增一人", unread: "有新訊息",
    openPeople: "選擇身份", closePeople: "關閉名單", skip: "跳到輸入框",
    bot: "機械人", group: "群組", typing: "正在輸入…", offline: "連線中…", messages: "訊息", newest: "前往最新訊息",
    newestCount: "下面有 {n} 則新訊息",
    clock: "試玩場的時鐘", hour: "+1 小時", day: "+1 日", next: "下個提示", nextLong: "前往下一個提示",
    hourLong: "快進一小時", dayLong: "快進一日", nothingDue: "沒有待發的提示。",
    theme: "配色", light: "淺色", dark: "深色", auto: "跟隨系統",
    write: "訊息", send: "傳送", save: "儲存", attach: "附件", commands: "指令", keyboard: "機械人鍵盤",
    start: "開始", fresh: "暫時未有訊息", freshNote: "按「開始」，跟 Amity 打個招呼。",
    photo: "相片", file: "檔案", sticker: "貼圖", voice: "語音訊息", video: "影片", location: "位置", contact: "聯絡人", poll: "投票",
    pollQuestion: "在哪裏見面好？", pollFirst: "公園", pollSecond: "海濱", pollThird: "會堂",
    caption: "說明文字", cancel: "取消", close: "關閉", ok: "好", reply: "回覆", editing: "編輯訊息", replyTo: "回覆 {name}",
    edit: "編輯", copy: "複製文字", copied: "已複製", actions: "訊息選項", edited: "已編輯", sent: "已傳送", you: "你",
    share: "分享", shareNote: "在 Telegram 內，你現在可以選擇傳送給誰：", download: "下載 {name}",
    openMap: "開啟地圖", spoiler: "隱藏文字，按一下顯示", expand: "顯示更多", collapse: "收起",
    forwarded: "轉寄自 {name}", votes: "票數：{n}", joined: "{name} 已加入", left: "{name} 已離開", pinned: "已置頂訊息",
    unknown: "這裏未能顯示這種訊息", today: "今日", yesterday: "昨日", reader: "你的時間", waiting: "等候回應",
    noAnswer: "機械人尚未回應。", failed: "未能完成：{why}", firstName: "名字", lastName: "姓氏", language: "語言", add: "新增",
    topics: "主題", topicsAll: "全部", topicOpened: "已開設主題：{name}", topicClosed: "主題已關閉", topicReopened: "主題已重新開啟",
    opensNew: "會開啟新分頁", openLink: "開啟這個連結？", open: "開啟",
  },
  hans: {
    note: "试玩场：代替 Telegram 的聊天页。请选择您的身份。",
    people: "您的身份", groups: "对话", addPerson: "添加一人", unread: "有新消息",
    openPeople: "选择身份", closePeople: "关闭名单", skip: "跳到输入框",
    bot: "机器人", group: "群组", typing: "正在输入…", offline: "连接中…", messages: "消息", newest: "转到最新消息",
    newestCount: "下方有 {n} 条新消息",
    clock: "试玩场的时钟", hour: "+1 小时", day: "+1 天", next: "下个提醒", nextLong: "转到下一个提醒",
    hourLong: "快进一小时", dayLong: "快进一天", nothingDue: "没有待发的提醒。",
    theme: "配色", light: "浅色", dark: "深色", auto: "跟随系统",
    write: "消息", send: "发送", save: "保存", attach: "附件", commands: "命令", keyboard: "机器人键盘",
    start: "开始", fresh: "暂无消息", freshNote: "点“开始”，跟 Amity 打个招呼。",
    photo: "照片", file: "文件", sticker: "贴纸", voice: "语音消息", video: "视频", location: "位置", contact: "联系人", poll: "投票",
    pollQuestion: "在哪里见面好？", pollFirst: "公园", pollSecond: "海边", pollThird: "礼堂",
    caption: "说明文字", cancel: "取消", close: "关闭", ok: "好", reply: "回复", editing: "编辑消息", replyTo: "回复 {name}",
    edit: "编辑", copy: "复制文字", copied: "已复制", actions: "消息选项", edited: "已编辑", sent: "已发送", you: "您",
    share: "分享", shareNote: "在 Telegram 中，您现在可以选择发送给谁：", download: "下载 {name}",
    openMap: "打开地图", spoiler: "隐藏文字，点击显示", expand: "展开", collapse: "收起",
    forwarded: "转发自 {name}", votes: "票数：{n}", joined: "{name} 已加入", left: "{name} 已离开", pinned: "已置顶消息",
    unknown: "这里无法显示这种消息", today: "今天", yesterday: "昨天", reader: "您的时间", waiting: "等待回应",
    noAnswer: "机器人尚未回应。", failed: "未能完成：{why}", firstName: "名字", lastName: "姓氏", language: "语言", add: "添加",
    topics: "话题", topicsAll: "全部", topicOpened: "已开设话题：{name}", topicClosed: "话题已关闭", topicReopened: "话题已重新打开",
    opensNew: "将打开新标签页", openLink: "打开这个链接？", open: "打开",
  },
};

const TAGS = { en: "en-GB", hant: "zh-Hant-HK", hans: "zh-Hans-CN" };

/** Which of the three the page speaks to a client of this `language_code`. */
function choose(code) {
  const tag = (code ?? "").toLowerCase().replaceAll("_", "-");
  if (!/^(zh|yue)(-|$)/.test(tag)) return "en";
  if (/hans|-cn|-sg/.test(tag)) return "hans";
  return /hant|-hk|-tw|-mo|^yue/.test(tag) ? "hant" : "hans";
}

/** A speaker for a `language_code`: `t(key, blanks)`, with `t.tag` for dates and the lang attribute. */
export function speak(code) {
  const language = choose(code);
  const t = (key, blanks = {}) =>
    WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(blanks[name]));
  t.tag = TAGS[language];
  return t;
}
