import importlib.util

import pytest

from docs.markdown_pages import DOCS


def load_generator():
    specification = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


GENERATOR = load_generator()


@pytest.mark.parametrize("name", [*GENERATOR.PAGES])
def test_a_generated_page_is_what_the_code_says_today(name):
    written = (DOCS / "reference" / name).read_text("utf-8")
    assert written == GENERATOR.PAGES[name](), "run: python docs/generate.py"
