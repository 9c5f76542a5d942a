import re

import pytest

from docs.markdown_pages import PAGES, ROOT, anchors_of, in_code, links_of, name_of

NAMED_FILE = re.compile(r"[\w.-]+/[\w./-]*(\.(py|toml|md|txt|png)|/)")
WHERE = (ROOT, ROOT / "src" / "openbook")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ON_A_DESK = ("desk/openbook.toml", "desk/data", "data/")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(page):
    broken = [link for link in links_of(page) if not leads_somewhere(page, link)]
    assert not broken


@pytest.mark.parametrize("page", [ROOT / "ARCHITECTURE.md", ROOT / "README.md", *DECISIONS], ids=name_of)
def test_every_file_that_is_named_exists(page):
    named = {word for word in in_code(page) if NAMED_FILE.fullmatch(word) and not word.startswith(ON_A_DESK)}
    assert {word for word in named if not any((place / word).exists() for place in WHERE)} == set()


def leads_somewhere(page, link):
    if link.startswith(("https://", "http://", "mailto:")):
        return True
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors_of(target)


def test_the_readme_can_be_read_in_one_go():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 200


def test_every_page_can_be_reached_from_the_index():
    start = ROOT / "docs" / "README.md"
    reached, waiting = {start}, [start]
    while waiting:
        page = waiting.pop()
        for link in links_of(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists() and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert [name_of(page) for page in PAGES if page.is_relative_to(start.parent) and page not in reached] == []


def test_every_decision_is_in_their_list():
    listed = set(links_of(ROOT / "docs" / "decisions" / "README.md"))
    assert {page.name for page in DECISIONS} - {"README.md"} <= listed
