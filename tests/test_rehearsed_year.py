"""A small district's whole year, units, departments and finance: every invariant holds, with and without kills."""

from __future__ import annotations

import json

import pytest

from rehearsal.year import rehearse_year


@pytest.mark.parametrize("chaos", [False, True], ids=["calm", "killed"])
def test_every_invariant_holds(chaos: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse_year(2026, 20, 3, chaos=chaos, as_json=True) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert [v["name"] for v in outcome["invariants"] if v["broken"]] == []
    assert all(v["checked"] for v in outcome["invariants"]), "an invariant nobody checked holds nothing"
    assert sum(outcome["ways"].values()) == outcome["offices"]["通过"] == 4, "two departments, two rounds"
