"""``qingxin draw``: sites and cases drawn so that anyone can draw again (随机抽取)."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

import click

from application.office import Command, Office, today
from domain.draw import Draw, drawn, list_hash
from domain.powers import EVERYTHING
from interface.cli.opening import caught_up, opened
from interface.cli.shared import DAY, JSON, LANG, fail, told
from interface.cli.signing import answered, signed, signs
from projections.views import Views


@click.group()
def draw() -> None:
    """Draw sites to inspect, or closed cases to revisit, so that anyone can draw again.

    \b
    Example:
      qingxin draw freeze --purpose inspection --size 10 --officer super.1 --role supervisor --office 620500-hrss
      qingxin draw make <number> --officer super.1 --role supervisor --office 620500-hrss
      qingxin draw verify <number>
    """


@draw.command("freeze")
@click.option("--purpose", type=click.Choice(["inspection", "revisit"]), required=True)
@click.option("--size", type=click.IntRange(1, 10_000), required=True, help="how many are to be drawn")
@click.option("--division", help="GB/T 2260 code; the office's own if not given")
@click.option("--industry", help="only projects or cases of an industry")
@click.option("--closed-from", type=DAY, help="cases closed since")
@click.option("--closed-to", type=DAY, help="cases closed until")
@click.option("--campaign", type=click.UUID, help="the campaign it is for")
@click.option(
    "--exclude",
    multiple=True,
    metavar="KEY:REASON",
    help="left out, such as 1b6f…:conflict_of_interest; may be given again",
)
@click.option("--keep-recent", is_flag=True, help="do not leave out what was inspected recently")
@signs
@LANG
@JSON
@told
def draw_freeze(purpose: str, size: int, division: str | None, industry: str | None, closed_from: date | None,
                closed_to: date | None, campaign: UUID | None, exclude: tuple[str, ...], keep_recent: bool, officer: str,
                role: str, at: str, on: date | None, lang: str, as_json: bool) -> None:  # fmt: skip
    """Freeze the list to draw from, and what is left out of it and why.

    \b
    Example:
      qingxin draw freeze --purpose revisit --size 20 --officer revisit.1 --role revisit_officer --office 620500-hrss
    """
    with opened() as (office, views):
        caught_up(office.url)
        signature = signed(office, officer, role, at, on, "draw.freeze")
        recent = office.rulebook().settings.value("recently_inspected_days", today())
        asked = {
            "purpose": purpose,
            "division": division or at[:6],
            "industry": industry,
            "from": closed_from,
            "to": closed_to,
        }
        found = views.candidates(
            EVERYTHING, asked, today=today(), recent=int(recent) if recent and not keep_recent else None
        )
        given = [dict(zip(("key", "reason"), each.rpartition(":")[::2], strict=True)) for each in exclude]
        facts = {
            "purpose": purpose, "division": division or at[:6], "size": size, "campaign": campaign,
            "candidates": found["candidates"], "exclusions": [*found["exclusions"], *given],
        }  # fmt: skip
        answered(office.open(Draw, facts, signature, Command.new()), lang, as_json)


@draw.command("make")
@click.argument("ref")
@click.option("--beacon", help="a word that a witness adds to the seed")
@signs
@LANG
@JSON
@told
def draw_make(
    ref: str, beacon: str | None, officer: str, role: str, at: str, on: date | None, lang: str, as_json: bool
) -> None:
    """Draw from a frozen list.

    \b
    Example:
      qingxin draw make <number> --officer super.1 --role supervisor --office 620500-hrss
    """
    with opened() as (office, views):
        signature = signed(office, officer, role, at, on, "draw.make")
        found = _draw(office, views, ref)
        answered(office.act(found, "make", {"beacon": beacon}, signature, Command.new()), lang, as_json)


@draw.command("verify")
@click.argument("ref")
@told
def draw_verify(ref: str) -> None:
    """Draw again from the recorded list and seed, and compare; exit 1 when anything differs.

    \b
    Example:
      qingxin draw verify <number>
    """
    with opened() as (office, views):
        found = _draw(office, views, ref)
        link, broken = office.link(found.id, 1).hex(), office.broken_link(found.id)
    if found.seed is None:
        fail("尚未抽取 / not drawn yet")
    problems = {
        "名单哈希不符 / the list does not have the recorded hash": list_hash([c.key for c in found.candidates])
        != found.list_sha256,
        "种子不是名单的链值 / the seed is not the link of the list": found.seed.split("-")[0] != link,
        "随机数与承诺不符 / the secret is not the one committed to": hashlib.sha256(
            bytes.fromhex(found.secret or "")
        ).hexdigest()
        != found.commitment,
        "种子不含随机数 / the seed does not hold the secret": found.seed.split("-")[1:2] != [found.secret],
        "重新抽取的结果不同 / drawing again gives something else": tuple(drawn(found.seed, found.left, found.size))
        != found.drawn,
        "链值不符 / the chain does not hold": broken is not None,
    }
    if wrong := [problem for problem, there in problems.items() if there]:
        fail("; ".join(wrong))
    click.echo(f"✓ {found.number}: {len(found.candidates)} → {len(found.drawn)}, {found.method}")


def _draw(office: Office, views: Views, ref: str) -> Draw:
    try:
        id = UUID(ref)
    except ValueError:
        caught_up(office.url)
        id = views.find_record("draw", ref) or fail(f"没有这次抽取 / no such draw: {ref}")
    return office.record(Draw, id)
