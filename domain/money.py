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


DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def in_capitals(amount: Decimal) -> str:
    """An amount as papers write it beside its digits (大写金额): ``186400.00`` -> ``壹拾捌万陆仟肆佰元整``."""
    whole, fen = divmod(int(amount * 100), 100)
    text = f"{_capitals(whole)}元" if whole else ""
    jiao, fen = divmod(fen, 10)
    if not jiao and not fen:
        return f"{text or '零元'}整"
    text += f"{DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return text + (f"{DIGITS[fen]}分" if fen else "整")


def _capitals(whole: int) -> str:
    """A whole number in capitals, four places at a time; zeros between are said once."""
    text, skipped = "", False
    for place in range(len(str(whole)) - 1, -1, -1):
        digit = whole // 10**place % 10
        if digit:
            text += ("零" if skipped else "") + DIGITS[digit] + PLACES[place % 4]
        skipped = not digit and bool(text)
        if place and place % 4 == 0 and whole // 10**place % 10_000:
            text += GROUPS[place // 4]
    return text
