"""Money is decimal yuan with two places; nothing is ever rounded on the way in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")  # what twelve digits hold; more than any city owes


def yuan(value: object) -> Decimal | None:
    """An amount as decimal yuan, or None if it is not one: negative, finer than a fen, too large, not a number."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(CENT):
        return None
    return amount.quantize(CENT)
