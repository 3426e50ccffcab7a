"""The OpenAPI document says everything once, so that people can read it."""

from tests.conftest import Demo


def test_the_document_is_of_a_readable_size_and_names_every_failure_once(demo: Demo) -> None:
    answer = demo.client().get("/api/v1/openapi.json")
    assert len(answer.content) < 650_000
    assert answer.text.count("Nothing was done; the code says why.") == 1
    found = answer.json()
    for path, methods in found["paths"].items():
        for operation in methods.values():
            assert operation.get("summary"), path
            if path.startswith("/api/"):
                assert operation["responses"]["409"] == {"$ref": "#/components/responses/Problem"}


def test_the_document_names_no_module(demo: Demo) -> None:
    """Where something lies in the code is nobody's business, and moving it changes nothing for programs."""
    said = demo.client().get("/api/v1/openapi.json").text
    assert not [name for name in ("domain.", "projections.", "services.") if f" {name}" in said or f"({name}" in said]


def test_every_shape_has_a_name_of_its_own(demo: Demo) -> None:
    """Two classes of one name would be called by the paths of their modules, and a move would rename them."""
    shapes = demo.client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert len(shapes) > 200
    assert [name for name in shapes if "__" in name] == []
