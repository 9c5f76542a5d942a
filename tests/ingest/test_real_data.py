"""Reads and cuts whole collections of real pages. The folder is named by OPENBOOK_DATA."""

import os
from pathlib import Path
from statistics import median

import pytest

from openbook.errors import ReadError
from openbook.ingest.chunker import chunk
from openbook.ingest.folder import walk
from openbook.ingest.reader import read

DATA = os.environ.get("OPENBOOK_DATA", "")


@pytest.mark.skipif(not DATA, reason="OPENBOOK_DATA names no folder of documents")
def test_every_page_is_cut_without_loss():
    lengths = []
    for file in walk(Path(DATA)):
        if file.problem:
            continue
        try:
            extract = read(file.path.read_bytes(), path=file.name)
        except ReadError as error:
            assert error.fix
            continue
        position = 0
        for each in chunk(extract):
            assert not extract.text[position : each.span.start].strip()
            position = each.span.end
            lengths.append(each.span.end - each.span.start)
        assert not extract.text[position:].strip()
    assert 250 <= median(lengths) <= 700
    assert max(lengths) <= 1_600
