// Shows an answer: sentence by sentence, with numbered citations that open their passage in place, how sure it
// is, what may be meant, and what the visitor thinks of it. All words are set as text, never as markup.

const SENTENCE_MILLISECONDS = 120;
const LONGEST_REVEAL_MILLISECONDS = 1200;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// The text in lines of pieces: claims with the places of their citations, and what is between them.
function linesOf(text, claims) {
  const lines = [[]];
  const addPlain = (between) =>
    between.split("\n").forEach((part, index) => {
      if (index) lines.push([]);
      if (part.trim()) lines.at(-1).push({ text: part.trim(), places: [] });
    });
  let place = 0;
  for (const claim of claims) {
    const found = text.indexOf(claim.text, place);
    if (found < 0) continue;
    addPlain(text.slice(place, found));
    lines.at(-1).push({ text: claim.text, places: claim.citations });
    place = found + claim.text.length;
  }
  addPlain(text.slice(place));
  return lines.filter((line) => line.length);
}

// Fills an element with an answer; slowly where it is new, so that it reads as it is told.
async function showAnswer(element, answer, { fresh = false } = {}) {
  const lines = linesOf(answer.text, answer.claims);
  const pieces = lines.flat().length;
  const pace = fresh && !calm.matches ? Math.min(SENTENCE_MILLISECONDS, LONGEST_REVEAL_MILLISECONDS / pieces) : 0;
  element.replaceChildren();
  for (const line of lines) {
    const paragraph = make("p", { dir: "auto" });
    element.append(paragraph);
    for (const [index, piece] of line.entries()) {
      if (pace) await new Promise((go) => setTimeout(go, pace));
      if (index) paragraph.append(" ");
      paragraph.append(make("span", { className: "sentence", textContent: piece.text }));
      paragraph.append(...piece.places.map((place) => citeButton(answer, place, paragraph)));
    }
  }
  if (answer.decision === "send") element.append(sureness(answer), verdict(answer));
  if (answer.options.length) element.append(optionButtons(answer));
}

// ----------------------------------------------------------------- passages

function citeButton(answer, place, paragraph) {
  const citation = answer.citations[place] ?? {};
  const label = `${say("source", { number: place + 1 })}: ${citation.title ?? ""}`;
  const cite = button("cite", place + 1, toggle, { "aria-label": label, "aria-expanded": false, title: label });
  let shown = null;

  function toggle() {
    if (shown) {
      shown.remove();
      shown = null;
      cite.focus();
    } else {
      shown = passageFigure(citation, toggle);
      paragraph.after(shown);
      surround(shown, answer, place);
      shown.scrollIntoView({ block: "nearest" });
    }
    cite.setAttribute("aria-expanded", Boolean(shown));
  }
  return cite;
}

function passageFigure({ title, url, updated_at: changed, quote = "" }, hide) {
  const caption = make("figcaption", {}, make("strong", { textContent: title ?? "" }));
  if (changed) {
    const day = make("time", { dateTime: changed, textContent: say("as_of", { date: asDay(changed) }) });
    caption.append(" ", day);
  }
  const tools = make("p", { className: "tools" }, button("quiet", say("hide"), hide));
  if (isLink(url)) tools.prepend(link(url, say("article")));
  const words = make("blockquote", {}, make("mark", { textContent: quote }));
  return make("figure", { className: "passage", dir: "auto", "aria-busy": true }, caption, words, tools);
}

// Puts what stands around the quote in its article beside it; without a connection the quote stands alone.
async function surround(figure, answer, place) {
  try {
    const response = await asVisitor(`v1/passages/${encodeURIComponent(answer.id)}/${place}`);
    const { before, quote, after } = await response.json();
    const [above, below] = [before, after].map((text) => text.replace(/\n{2,}/g, "\n"));
    figure.querySelector("blockquote").replaceChildren(above, make("mark", { textContent: quote }), below);
  } catch (error) {
    if (error.status === 404) figure.querySelector("blockquote").replaceChildren(say("gone"));
  }
  figure.setAttribute("aria-busy", false);
}

// ------------------------------------------------- how sure, and whether it helped

function sureness({ confidence }) {
  const share = Math.floor(confidence * 100 + 1e-9);
  const words = confidence >= 0.9 ? say("very_sure") : say("sure");
  const said = { words, percent: say("percent", { percent: share }) }[chat.settings.confidence] ?? "";
  return make("p", { className: "sureness", textContent: said, hidden: !said });
}

function verdict({ id }) {
  const buttons = { up: true, down: false };
  const press = () => {
    const said = memory.verdicts?.[id];
    for (const [shape, helpful] of Object.entries(buttons)) made[shape].setAttribute("aria-pressed", said === helpful);
  };
  const tell = async (helpful) => {
    const before = memory.verdicts?.[id];
    if (before === helpful) return;
    keepVerdict(id, helpful);
    press();
    for (let tries = 0; memory.verdicts?.[id] === helpful; tries++) {
      try {
        return await asVisitor(about("/feedback"), { body: { answer_id: id, helpful }, keepalive: true });
      } catch (error) {
        if (isPassing(error)) await pause(Math.max(error.wait ?? 0, backoff(tries)));
        else {
          keepVerdict(id, before);
          press();
          showProblem(wordsOf(error));
        }
      }
    }
  };
  const made = {
    up: iconButton("thumb", say("helpful"), "up", () => tell(true)),
    down: iconButton("thumb", say("unhelpful"), "down", () => tell(false)),
  };
  press();
  return make("div", { className: "verdict" }, made.up, made.down);
}

// What the visitor may mean; any of it is a fitting reply, and the last message alone asks.
function optionButtons({ options }) {
  const group = make("div", { className: "options", role: "group", "aria-label": say("options") });
  const choose = (option) => {
    group.remove();
    send(option);
    view.words.focus();
  };
  group.append(...options.map((option) => button("option", option, () => choose(option), { dir: "auto" })));
  return group;
}

// ------------------------------------------------------------------ refusals

// What went wrong, in the visitor's language, and what to do.
function wordsOf(error) {
  if (error.status === undefined) return say("offline");
  if (error.status === 429) return say("busy", { minutes: minutes(error.wait) });
  if (error.status === 403) return say("not_here");
  return say("fault");
}
