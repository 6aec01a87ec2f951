"""What is published of the claims beside the pages."""

import json
import math

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Quantity
from report.output.export import claims_json
from tests.made.sites.desk import claim


def test_data_tell_how_each_claim_stands() -> None:
    """Every claim has its settings and its published verdict, null where there is none."""
    claims = {
        "a": claim(id="a"),
        "b": claim(id="b", verdict="contradicted", statement="B holds."),
        "c": claim(
            id="c",
            value=math.nan,
            low=math.nan,
            n=0,
            note=("too few seeds: ", Quantity(2, "count")),
        ),
    }
    again, new = Standing("changed", "supported"), Standing("unpublished")
    standings = {"a": again, "b": again, "c": new}
    listed = json.loads(claims_json(claims, {"a": "As written."}, standings))
    assert [(each["id"], each["settings"], each["published_verdict"]) for each in listed] == [
        ("a", "changed", "supported"),
        ("b", "changed", "supported"),
        ("c", "unpublished", None),
    ]
    assert [each["statement"] for each in listed[:2]] == ["As written.", "B holds."]
    assert listed[2]["value"] is None
    assert listed[2]["note"] == "too few seeds: 2"
