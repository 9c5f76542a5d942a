import pytest

from openbook.errors import SystemFault
from openbook.models.session import open_session


def test_a_file_that_is_no_graph_is_refused_with_a_mend(tmp_path):
    place = tmp_path / "graph.onnx"
    place.write_bytes(b"not a graph")
    with pytest.raises(SystemFault, match=r"cannot use the encoder's graph .*graph\.onnx") as caught:
        open_session(place)
    assert "built anew" in caught.value.fix


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(SystemFault, match="cannot use the encoder's graph"):
        open_session(tmp_path / "absent.onnx")
