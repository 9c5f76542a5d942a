"""Publishing, replacing and withdrawing over HTTP."""

import pytest

TEXT = "# Kayak rental\n\nA kayak costs 19 pounds a day."


@pytest.fixture
def path(request):
    """A path that no other test has used."""
    return f"{request.node.name}.md"


@pytest.fixture
def sent(holder, path):
    body = {"path": path, "text": TEXT}
    outcome = holder.post("/v1/documents", json=body).json()
    yield outcome["document_id"]
    holder.delete(f"/v1/documents/{outcome['document_id']}", params={"erase": True})


def test_a_sent_document_is_answered_from_at_once(holder, anonymous, sent):
    answer = anonymous.post("/v1/ask", json={"question": "What does a kayak cost a day?"}).json()
    assert "19 pounds" in answer["text"]
    assert holder.get(f"/v1/documents/{sent}").json()["title"] == "Kayak rental"


def test_the_same_again_is_unchanged(holder, sent, path):
    again = holder.post("/v1/documents", json={"path": path, "text": TEXT})
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")


def test_a_replacement_is_a_new_version(holder, anonymous, sent):
    replaced = holder.put(f"/v1/documents/{sent}", json={"text": TEXT.replace("19", "23")}).json()
    assert (replaced["outcome"], replaced["version"]) == ("read", 2)
    versions = holder.get(f"/v1/documents/{sent}/versions").json()["versions"]
    assert [(version["number"], version["state"]) for version in versions] == [(2, "live"), (1, "superseded")]
    page = anonymous.get(f"/source/{sent}/1").text
    assert "This is an older version" in page


def test_a_replacement_keeps_the_audience_it_does_not_name(holder, anonymous):
    body = {"path": "staff-kayaks.md", "text": TEXT, "audience": "internal"}
    identifier = holder.post("/v1/documents", json=body).json()["document_id"]
    holder.put(f"/v1/documents/{identifier}", json={"text": TEXT.replace("19", "29")})
    assert holder.get(f"/v1/documents/{identifier}").json()["audiences"] == ["internal"]
    assert anonymous.get(f"/source/{identifier}/2").status_code == 404
    holder.delete(f"/v1/documents/{identifier}")


def test_a_withdrawn_document_is_gone_and_its_page_too(holder, anonymous):
    body = {"path": "canoes.md", "text": "# Canoes\n\nA canoe costs 31 pounds."}
    identifier = holder.post("/v1/documents", json=body).json()["document_id"]
    assert anonymous.get(f"/source/{identifier}/1").status_code == 200
    receipt = holder.delete(f"/v1/documents/{identifier}", params={"erase": True}).json()
    assert (receipt["live_versions_left"], receipt["index_points_left"], receipt["texts_left"]) == (0, 0, 0)
    assert holder.get(f"/v1/documents/{identifier}").status_code == 404
    assert anonymous.get(f"/source/{identifier}/1").status_code == 404


def test_a_key_publishes_for_no_audience_it_has_not(public_holder, holder):
    body = {"path": "hidden.md", "text": TEXT, "audience": "internal"}
    assert public_holder.post("/v1/documents", json=body).status_code == 403
    identifier = holder.post("/v1/documents", json=body).json()["document_id"]
    refused = public_holder.post("/v1/documents", json={"path": "hidden.md", "text": "Mine now."})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    holder.delete(f"/v1/documents/{identifier}")


def test_the_owner_may_name_a_new_audience(owner):
    body = {"path": "partners.md", "text": "# Partners\n\nPartners pay 10 percent less.", "audience": "partners"}
    identifier = owner.post("/v1/documents", json=body).json()["document_id"]
    assert owner.get(f"/v1/documents/{identifier}").json()["audiences"] == ["partners"]
    owner.delete(f"/v1/documents/{identifier}")


def test_a_file_of_a_folder_is_not_replaced_over_http(holder, documents):
    response = holder.put(f"/v1/documents/{documents['returns.md'].id}", json={"text": "x"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")
    assert "openbook sync" in response.json()["fix"]


def test_the_owner_adds_and_syncs_a_folder(owner, tmp_path):
    (tmp_path / "rafts.md").write_text("# Rafts\n\nA raft carries six people.", "utf-8")
    added = owner.post("/v1/sources", json={"location": str(tmp_path)})
    assert (added.status_code, added.json()["read"]) == (201, 1)
    [source_id] = added.json()["source_ids"]
    assert owner.post(f"/v1/sources/{source_id}/sync").json()["unchanged"] == 1
    assert source_id in {source["id"] for source in owner.get("/v1/sources").json()["sources"]}
    assert owner.post("/v1/sources/src_none/sync").status_code == 404


def test_a_folder_that_is_not_there_is_the_callers_mistake(owner):
    response = owner.post("/v1/sources", json={"location": "/nowhere/at/all"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_front_matter_names_no_audience_that_a_key_has_not(public_holder):
    body = {"path": "sneaky.md", "text": "---\naudience: internal\n---\n# Sneaky\n\nStaff only.\n"}
    answer = public_holder.post("/v1/documents", json=body)
    assert answer.status_code == 403
    assert "'internal'" in answer.json()["detail"]


def test_a_draft_and_an_expired_article_read_as_absent_for_customers(holder, anonymous):
    for line in ("status: draft", "valid_until: 2020-01-01", "valid_from: 2999-01-01"):
        body = {"path": "hidden.md", "text": f"---\n{line}\n---\n# Hidden\n\nNot for anybody yet.\n"}
        sent = holder.post("/v1/documents", json=body).json()
        place = f"/source/{sent['document_id']}/{sent['version']}"
        assert anonymous.get(place).status_code == 404
        assert holder.get(place).status_code == 200
