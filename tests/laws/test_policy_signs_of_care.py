"""Signs of care, money and where children live."""

from __future__ import annotations

import pytest
from sign_pairs import hold
from sign_rows import OF_CARE, Sign


@pytest.mark.parametrize("row", OF_CARE, ids=lambda row: row.name)
def test_a_policy_moves_what_it_must(row: Sign) -> None:
    hold(row)
