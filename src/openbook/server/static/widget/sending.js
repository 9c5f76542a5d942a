// Sends what the visitor writes: shown at once, one after the other, each under its own key until it has arrived.

const STAGES = { understood: "looking", found: "reading", drafted: "checking", decided: "checking" };
const MOST_FAULTS = 3;
const LONG_TEXT = 2000;

function send(text) {
  allow();
  showProblem();
  const item = addItem({ author: "customer", text, key: newKey(), status: "queued" });
  keep(() => ({ draft: view.words.value }));
  keepUnsent(item.key, text);
  sendNext();
}

// Shows what was not sent when the page was left.
function addUnsent() {
  for (const { key, text } of memory.unsent ?? []) addItem({ author: "customer", text, key, status: "queued" });
}

async function sendNext() {
  if (chat.sending) return;
  chat.sending = true;
  try {
    for (let item; (item = chat.items.find(({ status }) => status === "queued")); ) await deliver(item);
  } finally {
    chat.sending = false;
    showStage();
    release();
    listen();
  }
}

// Tries until the message has arrived, or until trying has no use.
async function deliver(item) {
  for (let tries = 0; item.status === "queued" && chat.items.includes(item); tries++) {
    try {
      const result = await post(item);
      if (chat.items.includes(item)) settle(item, result);
      return;
    } catch (error) {
      showStage();
      if (!chat.items.includes(item)) return;
      release();
      if (error.status === 404 && chat.conversation && !item.id) {
        leaveConversation(); // it is another visitor's by now, so this begins a new one
      } else if (isPassing(error) || (error.status === 500 && tries < MOST_FAULTS)) {
        const wait = Math.max(error.wait ?? 0, backoff(tries));
        showNote(item, wait > LONGEST_PAUSE_SECONDS ? say("too_many", { minutes: minutes(wait) }) : say("unsent"));
        await pause(wait);
      } else {
        giveUp(item, error);
      }
    }
  }
}

async function post(item) {
  const abort = (chat.posting = new AbortController());
  try {
    showStage(chat.by ? say("sending") : say("looking"));
    const response = await asVisitor(about("/messages"), {
      body: { text: item.text, locale, page: location.origin + location.pathname },
      headers: { Accept: STREAM, "Idempotency-Key": item.key },
      signal: abort.signal,
    });
    showNote(item);
    return await resultOf(response, abort);
  } finally {
    chat.posting = null;
  }
}

async function resultOf(response, abort) {
  if (!response.headers.get("Content-Type")?.startsWith(STREAM)) return response.json();
  for await (const { name, data } of eventsOf(response, abort)) {
    if (name === "recorded") return data;
    if (name === "error") throw new Refusal(data.status, data, data.retry_after_seconds ?? 0);
    if (STAGES[name]) showStage(say(STAGES[name]));
  }
  throw new TypeError("the connection broke");
}

function settle(item, { conversation_id: conversation, message, answer, handoff }) {
  dropUnsent(item.key);
  item.status = "sent";
  showNote(item);
  if (conversation !== chat.conversation) beginConversation(conversation);
  const isShown = message && chat.items.some(({ id }) => id === message.id);
  if (isShown && !item.id) forgetItem(item);
  else if (message) adopt(item, message);
  showStage();
  chat.stirred = Date.now();
  if (answer && !chat.items.some(({ answer: known }) => known?.id === answer.id)) {
    addItem({ author: "bot", text: answer.text, answer, ordinal: (message?.ordinal ?? Infinity) + 0.5 });
  }
  if (handoff) setState(handoff.state, chat.by);
}

// Nothing is lost: the visitor may try again or change the words.
function giveUp(item, error) {
  item.status = "failed";
  dropUnsent(item.key);
  keep(({ draft }) => ({ draft: [draft, item.text].filter(Boolean).join("\n") }));
  const long = error.status === 413 || (error.status < 500 && item.text.length > LONG_TEXT);
  const why = long ? say("too_long") : wordsOf(error);
  const again = button("quiet", say("again"), () => {
    forgetFailed(item);
    send(item.text);
  });
  const edit = button("quiet", say("edit"), () => {
    forgetFailed(item);
    giveBack(item.text);
  });
  showNote(item, `${say("failed")} ${why}`, again, edit);
}

function forgetItem(item) {
  chat.items = chat.items.filter((other) => other !== item);
  item.element.remove();
}

function forgetFailed(item) {
  forgetItem(item);
  keep(() => ({ draft: view.words.value }));
}

// ------------------------------------------------------------------ a person

async function fetchPerson() {
  if (chat.fetching) return;
  chat.fetching = true;
  view.person.setAttribute("aria-disabled", true);
  showProblem();
  try {
    allow();
    while (chat.posting && !chat.conversation) await pause(0.2); // a message that begins one is on its way
    const response = await asVisitor(about("/handoff"), { body: { locale } });
    const { conversation_id: conversation, handoff } = await response.json();
    if (conversation !== chat.conversation) beginConversation(conversation);
    await refreshSettings();
    setState(handoff.state, "");
    listen();
  } catch (error) {
    showProblem(wordsOf(error));
  }
  chat.fetching = false;
  view.person.removeAttribute("aria-disabled");
  view.words.focus();
}
