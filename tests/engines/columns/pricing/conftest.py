"""What tests of shards begin from."""

from __future__ import annotations

import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.instance import Instance
from tests.engines.rich import enriched


@pytest.fixture(scope="module", params=["drawn", "with ties, tags, norms and locals"])
def instance(request: pytest.FixtureRequest) -> Instance:
    drawn = draw(120, 40, 3).instance
    return drawn if request.param == "drawn" else lowered(enriched(drawn)).instance
