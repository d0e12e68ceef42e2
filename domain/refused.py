"""What the office may not do, and how it says so: the docstring of each kind is the sentence in the reply.

Here are the refusals that any record may meet; those of one sort of record stand beside it.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from domain.words import sentence


class Refused(Exception):
    """The office may not do this.  The docstring of each kind is the sentence in the reply."""

    malformed: ClassVar[bool] = False  # a bad field rather than an unlawful act

    def __init__(self, *, at: str | None = None, **facts: Any) -> None:
        self.facts = facts
        self.at = at  # the field it is about
        super().__init__()

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, lang: str = "zh") -> str:
        """Why not, with the numbers in it."""
        return sentence(type(self), self.facts, lang)

    @property
    def code(self) -> str:
        """The kind of refusal as a code: ``TooEarly`` -> ``too_early``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class TooEarly(Refused):
    """{record}尚未{needed},不能{wanted}。

    The {record} may not be {wanted} until it has been {needed}.
    """


class TooLate(Refused):
    """{record}已{ended},不能再{wanted}[;如确需办理,请先{first}]。

    The {record} has been {ended} and may not be {wanted}[; {first} it first if that must be done].
    """


class AlreadyDone(Refused):
    """{record}已{wanted},不能重复。

    The {record} has already been {wanted}.
    """


class ApproverIsProposer(Refused):
    """审批人不得与承办人{by}为同一人。

    The approver may not be the officer who proposes, {by}.
    """


class TooFewInspectors(Refused):
    """劳动保障监察须由两名以上监察员共同进行(国令423第十六条),现填报{named}名。

    An inspection needs two inspectors at least (Decree 423, art. 16); {named} named.
    """


class NoSuchOffice(Refused):
    """没有“{office}”这个机关;请按“区划代码-机关类别”填写,如 620502-hrss。

    There is no office "{office}"; write <division>-<kind>, such as 620502-hrss.
    """

    malformed = True


class NotAnEmployerCode(Refused):
    """“{uscc}”不是有效的统一社会信用代码(校验码不符)或15位注册号。

    "{uscc}" is neither a unified social credit code with its right check character nor a 15-digit number.
    """

    malformed = True


class NoSuchEntry(Refused):
    """没有可更正的第{version}条记录。

    There is no entry {version} that can be corrected.
    """

    malformed = True


class FutureDay(Refused):
    """发生日{on}晚于今天{today};只能记录已经发生的事。

    The day {on} is after today, {today}; only what has happened can be recorded.
    """

    malformed = True


class NotADay(Refused):
    """“{value}”不是有效日期;请按 YYYY-MM-DD 填写。

    "{value}" is not a day; write it as YYYY-MM-DD.
    """

    malformed = True


class NotAnAmount(Refused):
    """“{value}”不是有效金额;金额以元为单位,不得为负,最多两位小数。

    "{value}" is not an amount; give yuan, not negative, with at most two decimals.
    """

    malformed = True


class NotThatFact(Refused):
    """字段“{field}”有误:{problem}。

    The field "{field}" is wrong: {problem}.
    """

    malformed = True


class NoSuchFact(Refused):
    """该记录没有“{field}”这一项。

    The entry has no "{field}".
    """

    malformed = True


class NotThatValue(Refused):
    """“{field}”应为{wanted},不能是“{value}”。

    "{field}" should be {wanted_en}, not "{value}".
    """

    malformed = True


class NotCorrectable(Refused):
    """“{field}”由系统按规则得出,不能更正。

    "{field}" is worked out by the office's own rules and cannot be corrected.
    """

    malformed = True


class PersonalDataInText(Refused):
    """“{field}”中含有{what};个人信息请填入联系人(contact)栏,由保管库加密保存,不写入办案记录。

    "{field}" carries {what_en}; put personal data into the contact fields, which are sealed, never into the record.
    """

    malformed = True
