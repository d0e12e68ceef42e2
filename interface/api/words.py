"""What the API itself has to say, in Chinese and English.  Refusals of the law bring their own sentences."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "unauthorized": (
        "请在 Authorization 头中提供有效的访问令牌(Bearer)。",
        "Give a valid bearer token in the Authorization header.",
    ),
    "forbidden": ("您无权办理此事项。", "You may not do this."),
    "of_another_office": (
        "该记录由其他机关作出,由作出机关或市级人社部门更正、撤销。",
        "Another office made that entry; that office, or the city's labour office, puts it right or revokes it.",
    ),
    "not_found": ("没有这个案件或资源。", "There is no such case or resource."),
    "method_not_allowed": ("此地址不支持该方法。", "This address does not support that method."),
    "not_acceptable": ("无法提供所要求的格式。", "That format cannot be given."),
    "bad_request": ("请求无法理解。", "The request cannot be understood."),
    "malformed": ("请求体不是有效的 JSON。", "The body is not valid JSON."),
    "media_type": (
        "请求体的类型应为 {wanted}。",
        "The body must be of type {wanted}.",
    ),
    "too_large": ("请求体超过上限 {most}。", "The body is over the limit of {most}."),
    "fields": ("填写有误,请按提示更正:{names}。", "Some fields are wrong; see errors: {names}."),
    "if_match_missing": (
        '请在 If-Match 头中给出您所见的版本,如 If-Match: "3"。',
        'Give the version you saw in If-Match, such as If-Match: "3".',
    ),
    "if_match_malformed": ('If-Match 应为带引号的版本号,如 "3"。', 'If-Match is a quoted version, such as "3".'),
    "stale": (
        "已有新的记录,现为第 {version} 版;请重新查看后再办理。",
        "It has changed and is at version {version} now; read it again before you act.",
    ),
    "key_reused": (
        "该 Idempotency-Key 已用于另一内容的请求;请换一个。",
        "This Idempotency-Key was used for a request with another body; use a new one.",
    ),
    "key_malformed": ("Idempotency-Key 应为1至255个可见字符。", "An Idempotency-Key has 1 to 255 visible characters."),
    "position_unknown": ("Position 不是有效的位置标记。", "Position is not a token that a write has given."),
    "position_not_reached": (
        "所等待的记录尚未进入台账,请稍后再试。",
        "What you wait for has not reached the register yet; try again shortly.",
    ),
    "unavailable": (
        "数据库暂时不可用,请稍后重试;登记请用同一 Idempotency-Key 重发,不会重复记录。",
        "The database is not available now; try again shortly. A write may be sent again with the same Idempotency-Key: "
        "it is never recorded twice.",
    ),
    "fault": (
        "系统出错,已记入日志(编号 {id});请查看案件是否已有记录后再办理。",
        "Something went wrong and was logged ({id}); look whether it was recorded before you go on.",
    ),
    "no_contact": ("该案件没有保存联系人信息。", "No contact is kept for this case."),
    "unreadable": (
        "保管库无法用现有密钥打开,请联系管理员。",
        "The vault does not open with this key; tell the administrator.",
    ),
    "erased": ("联系人信息已依法销毁。", "The contact's data have been erased."),
    "file_missing": ("请在表单字段 file 中附上文件。", "Give the document in the form field `file`."),
    "file_type": (
        "不支持的文件类型或内容与类型不符:{type}。",
        "A file of this type is not taken, or its content is of another type: {type}.",
    ),
    "file_name": ("文件名中含有个人信息,请改名后再上传。", "The file name carries personal data; rename it first."),
    "no_report": ("没有名为 {name} 的报表。", "There is no report {name}."),
    "window": ("起始日不得晚于截止日。", "The window must not end before it begins."),
    "no_lines": (
        "所传数据中没有项目 {number}({name})的行;请核对项目编号或名称。",
        "The exports hold no line of the project {number} ({name}); look at its number or name.",
    ),
    "no_contract": (
        "台账未填合同价,无法计算保证金。",
        "The ledger gives no contract amount; the deposit cannot be worked out.",
    ),
    "undecided": (
        "本机关尚未确定设置“{name}”;请在规则簿中确定。",
        "The office has not decided the setting {name}; decide it in the rulebook.",
    ),
    "too_often": ("查询过于频繁,请稍后再试。", "Too many requests; try again shortly."),
    "status_unknown": ("没有与此编号和查询码相符的记录。", "No record fits this number and code."),
    # Fields
    "required": ("必填", "is required"),
    "null": ("不能为空值", "may not be null"),
    "unknown": ("没有这个字段", "is not a field"),
    "type": ("应为一个对象", "must be an object"),
    "string": ("应为文字", "must be a string"),
    "integer": ("应为整数", "must be an integer"),
    "boolean": ("应为 true 或 false", "must be true or false"),
    "list": ("应为列表", "must be a list"),
    "day": ("应为存在的日期 YYYY-MM-DD", "must be a day that exists, YYYY-MM-DD"),
    "instant": ("应为 RFC 3339 时刻或日期", "must be an RFC 3339 instant or a day"),
    "money": (
        '应为金额(元),不得为负,最多两位小数,如 "1346600.00"',
        'must be an amount of yuan, not negative, with at most two decimals, such as "1346600.00"',
    ),
    "choice": ("应为以下之一:{choices}", "must be one of: {choices}"),
    "length": ("长度应在 {least} 至 {most} 之间", "must have {least} to {most} characters"),
    "blank": ("不能只是空白", "may not be blank"),
    "items": ("应有 {least} 项以上", "must have at least {least} items"),
    "items_most": ("最多 {most} 项", "must have at most {most} items"),
    "range": ("应在 {least} 至 {most} 之间", "must be between {least} and {most}"),
    "pattern": ("格式不符", "does not have the right form"),
    "nul": ("含有不可用的字符", "carries a character that cannot be kept"),
    "value": ("应为文字、数字或真假值", "must be a string, a number or a boolean"),
}


def say(key: str, lang: str, **facts: object) -> str:
    """A sentence by its key."""
    zh, en = SENTENCES[key]
    return (zh if lang == "zh" else en).format(**facts)
