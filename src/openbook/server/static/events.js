// Reads what a server tells as server-sent events.

export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}

export const NO_CONNECTION = {
  detail: "The server could not be reached.",
  fix: "Check your connection and try again.",
};

export function refusal(problem) {
  return Object.assign(new Error(problem.detail), { problem });
}
