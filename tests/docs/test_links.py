import pytest

from docs.markdown_pages import PAGES, ROOT, anchors_of, links_of, name_of


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(page):
    broken = [link for link in links_of(page) if not leads_somewhere(page, link)]
    assert not broken


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
    folder = ROOT / "docs" / "decisions"
    listed = set(links_of(folder / "README.md"))
    assert {page.name for page in folder.glob("0*.md")} <= listed
