// Streams an answer into the page and shows the passage behind each sentence.
// Everything that comes from the server is set as text, never as markup.
import { NO_CONNECTION, readEvents, refusal } from "./events.js";

const STAGES = {
  understood: "Searching the articles …",
  found: "Reading what was found …",
  drafted: "Checking whether that answers it …",
  decided: "Writing it down …",
};
const DECISIONS = {
  send: "Answer",
  hand_off: "Passed to a person",
  abstain: "No answer here",
  clarify: "One more detail, please",
};

const form = document.getElementById("ask");
const question = document.getElementById("question");
const conversation = document.getElementById("conversation");
const result = document.getElementById("result");
const stage = document.getElementById("stage");
const button = form.querySelector("button");
let running = null;

// ------------------------------------------------------------------ asking

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (question.value.trim()) ask(question.value);
});

question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

async function ask(text) {
  running?.abort();
  const mine = (running = new AbortController());
  result.replaceChildren();
  showStage("Reading your question …");
  try {
    const answer = await streamAnswer(text, mine.signal);
    const cards = await fetchCards(answer, mine.signal);
    showAnswer(answer, cards, text);
  } catch (error) {
    if (mine.signal.aborted) return;
    showProblem(error.problem ?? NO_CONNECTION);
  }
  showStage("");
}

async function streamAnswer(text, signal) {
  const response = await fetch("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question: text, conversation_id: conversation.value, channel: "web" }),
    signal,
  });
  if (!response.ok) throw refusal(await response.json());
  for await (const { name, data } of readEvents(response.body)) {
    if (name === "recorded") return data;
    if (name === "error") throw refusal(data);
    if (name in STAGES) showStage(STAGES[name]);
  }
  throw refusal(NO_CONNECTION);
}

// One card for every cited version, in the order in which they are first cited.
async function fetchCards(answer, signal) {
  const versions = new Map();
  answer.citations.forEach((citation, index) => {
    const place = `/source/${encodeURIComponent(citation.document_id)}/${citation.version}`;
    if (!versions.has(place)) versions.set(place, []);
    versions.get(place).push({ ...citation, number: index + 1 });
  });
  const cards = await Promise.all(
    [...versions].map(async ([place, citations]) => {
      const spans = citations.map(({ start, end }) => `span=${start}-${end}`).join("&");
      const response = await fetch(`${place}/passages?${spans}`, { signal });
      return response.ok ? { ...(await response.json()), place, citations } : null;
    }),
  );
  return cards.filter(Boolean);
}

// ----------------------------------------------------------------- showing

function showStage(text) {
  stage.hidden = !text;
  document.getElementById("stage-text").textContent = text;
  button.setAttribute("aria-disabled", String(Boolean(text)));
}

function clone(name) {
  return document.getElementById(`${name}-template`).content.cloneNode(true);
}

function slot(parent, name) {
  return parent.querySelector(`[data-slot="${name}"]`);
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function showProblem(problem) {
  const notice = clone("notice");
  slot(notice, "detail").textContent = problem.detail;
  slot(notice, "fix").textContent = problem.fix;
  result.replaceChildren(notice);
}

function showAnswer(answer, cards, text) {
  const page = clone("answer");
  const section = page.querySelector(".answer");
  section.classList.add(`decision-${answer.decision}`);
  section.querySelector(".answer-title").textContent = DECISIONS[answer.decision] ?? "Answer";
  section.querySelector(".answer-text").append(...linesOf(answer).map(lineElement));
  section.querySelector(".link-to-answer").href = `/?q=${encodeURIComponent(text)}`;
  showOptions(section.querySelector(".options"), answer);
  showSureness(section.querySelector(".sureness"), answer);
  if (cards.length) {
    page.append(clone("sources"));
    page.querySelector(".sources").append(...cards.map(cardElement));
  }
  result.replaceChildren(page);
  prepare();
  document.getElementById("answer").focus({ preventScroll: true });
}

// A question back goes on with its conversation; any other answer ends it.
function showOptions(element, answer) {
  conversation.value = answer.options.length ? answer.conversation_id : "";
  element.append(...answer.options.map((option) => make("button", { name: "q", value: option, textContent: option, dir: "auto" })));
  if (!answer.options.length) element.remove();
}

function showSureness(element, answer) {
  if (answer.decision !== "send") {
    element.remove();
    return;
  }
  const share = Math.floor(answer.confidence * 100 + 1e-9);
  slot(element, "words").textContent = answer.confidence >= 0.9 ? "Very sure" : "Sure enough to answer";
  slot(element, "share").textContent = `${share} %`;
  slot(element, "meter").value = share;
}

// The text in lines of pieces: claims with the numbers of their citations, and what is between them.
function linesOf(answer) {
  const lines = [[]];
  const addPlain = (text) =>
    text.split("\n").forEach((part, index) => {
      if (index) lines.push([]);
      if (part.trim()) lines.at(-1).push({ text: part.trim(), numbers: [] });
    });
  let place = 0;
  for (const claim of answer.claims) {
    const found = answer.text.indexOf(claim.text, place);
    if (found < 0) continue;
    addPlain(answer.text.slice(place, found));
    lines.at(-1).push({ text: claim.text, numbers: claim.citations.map((index) => index + 1) });
    place = found + claim.text.length;
  }
  addPlain(answer.text.slice(place));
  return lines.filter((line) => line.length);
}

function lineElement(pieces) {
  const line = make("p");
  for (const { text, numbers } of pieces) {
    const claim = make("span", { className: "claim", textContent: text });
    if (numbers.length) claim.dataset.numbers = numbers.join(" ");
    line.append(claim, ...numbers.map(citeElement), " ");
  }
  return line;
}

function citeElement(number) {
  const link = make("a", { className: "cite", href: `#source-${number}`, textContent: number });
  link.setAttribute("aria-label", `Source ${number}`);
  link.dataset.number = number;
  return link;
}

function cardElement({ title, updated, updated_at: updatedAt, old, newer, place, citations, stretches }) {
  const card = clone("card").firstElementChild;
  const [first] = citations;
  const link = slot(card, "link");
  link.textContent = title;
  link.href = `${place}?start=${first.start}&end=${first.end}#passage`;
  if (updated) slot(card, "date").append("Updated ", make("time", { dateTime: updatedAt.slice(0, 10), textContent: updated }));
  if (old) slot(card, "date").append(" ", make("span", { className: "old", textContent: old }));
  if (newer) slot(card, "date").append(" · there is a newer version");
  slot(card, "stretches").append(...stretches.map((stretch) => stretchElement(stretch, citations)));
  return card;
}

function stretchElement({ heading_path: path, runs, cut_before: before, cut_after: after }, citations) {
  const figure = clone("passage").firstElementChild;
  slot(figure, "place").textContent = path.join(" › ");
  slot(figure, "place").hidden = !path.length;
  const cut = (text) => make("span", { className: "cut", textContent: text });
  const text = runs.map((run) => runElement(run, citations));
  slot(figure, "text").append(...(before ? [cut("… ")] : []), ...text, ...(after ? [cut(" …")] : []));
  return figure;
}

function runElement({ text, span }, citations) {
  if (text === "\n\n") return make("span", { className: "gap" });
  return span === null ? text : markElement(text, citations[span].number);
}

function markElement(text, number) {
  const mark = make("mark", { id: `source-${number}`, tabIndex: -1, textContent: text });
  mark.dataset.number = number;
  return mark;
}

// ------------------------------------------------- choosing a sentence's source

function prepare() {
  const answer = document.getElementById("answer");
  if (!answer) return;
  const cites = [...answer.querySelectorAll(".cite")];
  for (const cite of cites) {
    cite.addEventListener("click", (event) => {
      event.preventDefault();
      choose(cite.dataset.number, { reveal: true });
    });
    cite.addEventListener("keydown", (event) => step(event, cites, cite));
    cite.addEventListener("focus", () => choose(cite.dataset.number));
  }
  for (const claim of answer.querySelectorAll(".claim[data-numbers]")) {
    claim.addEventListener("click", () => choose(claim.dataset.numbers.split(" ")[0], { reveal: true }));
  }
  answer.querySelector(".options")?.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter.value);
  });
  answer.querySelector(".link-to-answer").addEventListener("click", copyLink);
  if (cites.length) choose(cites[0].dataset.number);
}

function step(event, cites, cite) {
  const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  cites[(cites.indexOf(cite) + move + cites.length) % cites.length].focus();
}

function choose(number, { reveal = false } = {}) {
  for (const mark of document.querySelectorAll("mark[data-number]")) {
    mark.classList.toggle("current", mark.dataset.number === number);
  }
  for (const claim of document.querySelectorAll(".claim[data-numbers]")) {
    claim.classList.toggle("current", claim.dataset.numbers.split(" ").includes(number));
  }
  for (const cite of document.querySelectorAll(".cite")) {
    cite.setAttribute("aria-current", String(cite.dataset.number === number));
  }
  const mark = document.getElementById(`source-${number}`);
  if (mark && reveal) mark.scrollIntoView({ block: "nearest" });
}

async function copyLink(event) {
  if (!navigator.clipboard) return;
  event.preventDefault();
  const link = event.currentTarget;
  await navigator.clipboard.writeText(link.href);
  link.textContent = "Link copied";
  setTimeout(() => (link.textContent = "Link to this question"), 2000);
}

prepare();
