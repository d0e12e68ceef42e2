"""``python -m interface``: the same as ``qingxin``."""

from interface.cli import main

main(prog_name="qingxin")
