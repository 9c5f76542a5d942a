"""Public questions to tune and report on: three collections, each on a desk of its own.

- `clapnq`: 300 encyclopedia passages, 150 questions with gold sentences, 150 that no passage answers.
- `aws`: 2,809 pages of product guides and 50 customers' questions with gold page and short answer.
- `logingov`: the English articles of a public help centre, 120 questions with gold quotes and 120 that
  the articles do not answer, written blind (`benchmarks/data`). Questions whose quote stands in a page's
  front matter are left out, since that is no part of an article.

Tuned on records whose `int(sha1(id).hexdigest(), 16)` is even, reported on the odd ones; the AWS
questions, too few to halve, by leaving one guide out where that is said.
"""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import CACHE, aws_desk, data_folder
from openbook import Desk
from openbook.errors import ReadError
from openbook.evals.right import quote_cover
from openbook.search.words import telling_words, words_of

_SPACED = (re.compile(r" ([.,;:?!)\]])"), re.compile(r"([(\[]) "))
_OWN = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Question:
    """A question of one collection with what judges an answer.

    Attributes:
        pages: Ends of the paths of the documents that answer it.
        quotes: Gold sentences; for `aws` the short gold answer alone.
        expected: What should be decided.
        group: Its kind; for `aws` the guide.
    """

    id: str
    text: str
    collection: str
    pages: tuple[str, ...]
    quotes: tuple[str, ...]
    expected: str
    group: str = ""

    @property
    def tuning(self) -> bool:
        """Whether it may be tuned on."""
        return int(hashlib.sha1(self.id.encode()).hexdigest(), 16) % 2 == 0

    def on_page(self, path: str) -> bool:
        """Whether a document is one that answers."""
        return path.endswith(self.pages) if self.pages else False

    def right(self, quoted: Sequence[str], cited: Sequence[str]) -> bool:
        """Whether an answer of these quotes from these documents would be right.

        Half of a gold quote is covered; for `aws`, which has short answers alone, the gold page is
        cited and half of the short answer's telling words are quoted.
        """
        if self.expected != "send" or not quoted:
            return False
        if self.collection != "aws":
            return max(quote_cover(self.quotes, quoted), default=0.0) >= 0.5
        wanted, found = telling_words(self.quotes[0]), set(words_of(" ".join(quoted)))
        return any(map(self.on_page, cited)) and sum(word in found for word in wanted) >= len(wanted) / 2


def questions(collection: str) -> list[Question]:
    """All questions of a collection."""
    return list({"clapnq": _clapnq, "aws": _aws, "logingov": _logingov}[collection]())


def desk_of(collection: str) -> Path:
    """The collection's desk; made once and kept in `.cache`."""
    return {"clapnq": _clapnq_desk, "aws": aws_desk, "logingov": _logingov_desk}[collection]()


def _clapnq() -> Iterator[Question]:
    for name in ("answerable", "unanswerable"):
        for line in (data_folder() / "clapnq" / f"{name}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            page = (f"/{record['id']}.md",)
            if name == "unanswerable":
                yield Question(record["id"], record["input"], "clapnq", page, (), "hand_off", name)
                continue
            gold = record["output"][0]["selected_sentences"]
            gold = ast.literal_eval(gold) if isinstance(gold, str) else gold
            yield Question(record["id"], record["input"], "clapnq", page, tuple(gold), "send", name)


def _aws() -> Iterator[Question]:
    for line in (data_folder() / "aws-docs" / "questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        document = record["Document_True"].strip()
        guide, _, page = document.partition("/")
        name = page.rpartition("/")[2]
        asked = record["Question"]
        yield Question(asked, asked, "aws", (f"{guide}/doc_source/{name}",), (record["Answer_True"],), "send", guide)


def _logingov() -> Iterator[Question]:
    for name in ("answerable", "unanswerable"):
        for line in (_OWN / f"logingov_{name}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            if "front_matter" not in record["tags"]:
                yield Question(
                    id=record["id"],
                    text=record["question"],
                    collection="logingov",
                    pages=tuple(record.get("documents", ())),
                    quotes=tuple(record.get("quotes", ())),
                    expected=record["decision"],
                    group=record["group"],
                )


def _clapnq_desk() -> Path:
    folder = CACHE / "clapnq-desk"
    with Desk.open(folder) as desk:
        if not desk.documents():
            for name in ("answerable", "unanswerable"):
                for line in (data_folder() / "clapnq" / f"{name}.jsonl").read_text("utf-8").splitlines():
                    record = json.loads(line)
                    passage = record["passages"][0]
                    text = f"# {passage['title']}\n\n{_unspaced(passage['text'])}"
                    desk.put_document(f"clapnq/{record['id']}.md", text)
    return folder


def _logingov_desk() -> Path:
    folder = CACHE / "logingov-desk"
    content = data_folder() / "logingov-help" / "content"
    with Desk.open(folder) as desk:
        if not desk.documents():
            for page in sorted(content.rglob("*_en.md")):
                name = page.relative_to(content).as_posix()
                try:
                    desk.put_document(name, page.read_text("utf-8"))
                except ReadError as empty:
                    sys.stderr.write(f"{empty.message}\n")
    return folder


def _unspaced(text: str) -> str:
    """Text as people write it, from text whose marks stand apart."""
    for pattern in _SPACED:
        text = pattern.sub(r"\1", text)
    return text.replace(" 's", "'s").replace("`` ", '"').replace(" ''", '"').replace(" - ", "-")
