import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from openbook import Desk
from openbook.desk import find_folder
from openbook.errors import NotFound, SystemFault, UserError

QUESTION = "How long is a gift card valid?"
GIFT_CARDS = "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n"


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk") as opened:
        yield opened


def test_opening_creates_a_desk_that_only_its_owner_can_enter(tmp_path):
    with Desk.open(tmp_path / "new" / "desk") as desk:
        assert desk.holds
        assert desk.documents() == ()
        data = tmp_path / "new" / "desk" / "data"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "openbook.sock").stat().st_mode) == 0o600
        assert desk.doctor().ok


def test_what_was_added_is_there_when_the_desk_is_opened_again(tmp_path):
    with Desk.open(tmp_path / "desk") as desk:
        desk.put_document("gift-cards.md", GIFT_CARDS)
        answer = desk.ask(QUESTION)
    with Desk.open(tmp_path / "desk") as desk:
        assert [document.path for document in desk.documents()] == ["gift-cards.md"]
        assert desk.replay(answer.id).identical


def test_a_closed_desk_says_so(tmp_path):
    desk = Desk.open(tmp_path / "desk")
    desk.close()
    desk.close()
    with pytest.raises(SystemFault, match=r"^The desk is closed\.\nFix: Open it again\.$"):
        desk.documents()


def test_a_closed_desk_leaves_its_folder_to_the_next(tmp_path):
    Desk.open(tmp_path / "desk").close()
    left = {place.name for place in (tmp_path / "desk" / "data").iterdir()}
    assert not left & {"openbook.sock", "in-use"}
    with Desk.open(tmp_path / "desk", must_hold=True) as desk:
        assert desk.parts.mended == ""


def test_several_threads_may_ask_at_once(desk):
    desk.put_document("gift-cards.md", GIFT_CARDS)
    together = threading.Barrier(4)

    def ask():
        together.wait(timeout=30)
        return [desk.ask(QUESTION) for _ in range(5)]

    with ThreadPoolExecutor(4) as threads:
        answers = [answer for work in [threads.submit(ask) for _ in range(4)] for answer in work.result()]
    assert len({answer.id for answer in answers}) == 20
    assert len({answer.text for answer in answers}) == 1
    assert all(desk.replay(answer.id).identical for answer in answers[::7])


def test_an_edit_beside_questions_is_seen_whole(desk):
    texts = [GIFT_CARDS.replace("24", str(months)) for months in range(30, 38)]
    desk.put_document("gift-cards.md", texts[0])
    over = threading.Event()

    def ask():
        said = set()
        while not over.is_set():
            said.update(citation.quote for citation in desk.ask(QUESTION).citations)
        return said

    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(ask)
        try:
            for text in texts[1:]:
                desk.put_document("gift-cards.md", text)
        finally:
            over.set()
        quotes = asking.result()
    whole = {line for text in texts for line in text.splitlines() if line}
    assert {quote.lstrip("# ") for quote in quotes} <= {line.lstrip("# ") for line in whole}
    assert {hit.version for hit in desk.search(QUESTION).hits} == {8}


def test_tenants_share_nothing(desk):
    desk.put_document("gift-cards.md", GIFT_CARDS, tenant="north")
    desk.put_document("gift-cards.md", GIFT_CARDS.replace("24", "36"), tenant="south")
    [north], [south] = (desk.documents(tenant=tenant) for tenant in ("north", "south"))
    assert desk.documents() == ()
    assert "24 months" in desk.ask(QUESTION, tenant="north").text
    answer = desk.ask(QUESTION, tenant="south")
    assert "36 months" in answer.text
    with pytest.raises(NotFound):
        desk.receipt(answer.id, tenant="north")
    with pytest.raises(NotFound):
        desk.document(south.id, tenant="north")
    with pytest.raises(NotFound):
        desk.remove(north.id, tenant="south")
    desk.remove("gift-cards.md", tenant="north")
    assert len(desk.documents(tenant="south")) == 1


def test_more_hits_than_there_can_be_are_refused(desk):
    for limit in (0, 51):
        with pytest.raises(UserError, match=f"^{limit} hits cannot be asked for.\nFix: Ask for 1 to 50.$"):
            desk.search("anything", limit=limit)


def test_a_private_web_address_is_skipped_with_what_to_do_about_it(desk):
    report = desk.add("http://127.0.0.1/help")
    assert report.count("read") == 0
    assert any("private" in said for said in (*report.notices, *(file.reason for file in report.files)))
    with pytest.raises(UserError, match="is no web address"):
        desk.add("ftp://shop.example/help")


def test_a_document_is_meant_by_its_name_also_where_a_file_of_that_name_lies(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gift-cards.md").write_text(GIFT_CARDS, "utf-8")
    for months in ("24", "36"):
        desk.put_document("gift-cards.md", GIFT_CARDS.replace("24", months))
    assert desk.revert("gift-cards.md").version == 1
    assert desk.approve("gift-cards.md", version=1).version == 1
    desk.add("gift-cards.md")
    assert len(desk.documents()) == 2
    desk.remove("gift-cards.md")
    [left] = desk.documents()
    assert [source.kind for source in desk.sources() if source.id == left.source_id] == ["sent"]


def test_a_document_and_a_version_that_do_not_exist_are_not_found(desk):
    for look in (desk.document, desk.versions, lambda name: desk.version(name, 1)):
        with pytest.raises(NotFound, match="'doc_none'"):
            look("doc_none")


def test_a_hidden_version_reads_as_absent(desk):
    desk.put_document("rates.md", "---\naudience: internal\n---\n# Rates\n\nStaff pay half.\n")
    [document] = desk.documents()
    with pytest.raises(NotFound):
        desk.version(document.id, 1)
    assert "half" in desk.version(document.id, 1, audiences=("internal",)).source_text


def test_the_folder_is_the_one_given_then_the_variable_then_the_nearest_upwards(tmp_path, monkeypatch):
    below = tmp_path / "shop" / "articles"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_folder() == below / "desk"
    (tmp_path / "shop" / "openbook.toml").write_text("", "utf-8")
    assert find_folder() == tmp_path / "shop"
    monkeypatch.setenv("OPENBOOK_DESK", str(tmp_path / "elsewhere"))
    assert find_folder() == tmp_path / "elsewhere"
    assert find_folder("here") == below / "here"


def test_without_an_encoder_search_goes_by_words_until_the_index_is_made_anew(tmp_path):
    (tmp_path / "no-weights").mkdir()
    with Desk.open(tmp_path / "desk", settings={"encoder.path": str(tmp_path / "no-weights")}) as desk:
        desk.put_document("gift-cards.md", GIFT_CARDS)
        [check] = [check for check in desk.doctor().checks if check.name == "encoder"]
        assert (check.state, check.fix) == ("warning", "openbook fetch-encoder")
        assert "no-weights" in check.detail
        assert desk.doctor().ok
        found = desk.search(QUESTION)
        assert found.keyword_only
        assert "24 months" in found.hits[0].text
        answer = desk.ask(QUESTION)
        assert answer.decision == "hand_off"
        assert "no encoder" in answer.reason
    with Desk.open(tmp_path / "desk") as desk:
        if desk.parts.embedder is None:
            pytest.skip("no encoder weights are installed here")
        [check] = [check for check in desk.doctor().checks if check.name == "encoder"]
        assert (check.state, check.fix) == ("warning", "openbook rebuild-index")
        assert desk.search(QUESTION).keyword_only
        assert desk.rebuild_index() == 1
        assert all(check.state == "ok" for check in desk.doctor().checks)
        found = desk.search(QUESTION)
        assert not found.keyword_only
        assert found.hits[0].dense is not None
