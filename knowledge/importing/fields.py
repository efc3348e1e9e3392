"""The names and values of an article's fields, as people write them in Chinese and English."""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import date, datetime, time, tzinfo

from knowledge.article import AppliesBy, Stage
from knowledge.errors import ImportRefused

KEYS = (
    "id",
    "title",
    "answer",
    "variants",
    "stage",
    "category",
    "tags",
    "channels",
    "products",
    "valid_from",
    "valid_until",
    "applies_by",
    "language",
    "source",
    "hand_over",
    "needs_order",
)

_LIMITING = (
    "valid_from",
    "valid_until",
    "applies_by",
    "hand_over",
    "needs_order",
    "channels",
    "products",
)

_ALIASES = {
    # Not 序号: the number of a row changes when another row is put in above it.
    "id": "编号 条目编号 文章编号 知识编号 article_id",
    "title": "问题 标准问题 标准问 标准问法 主问题 提问 问句 标题 question q name "
    "standard_question",
    "answer": "答案 回答 回复 答复 标准答案 解答 内容 话术 answers a reply response content text",
    "variants": "相似问法 相似问 相似问题 其他问法 问法 扩展问 同义问 同义问法 variant questions "
    "similar_questions other_questions alternatives",
    "stage": "阶段 售前售后 适用阶段 phase",
    "category": "分类 类别 类目 问题分类 categories",
    "tags": "标签 关键词 关键字 tag keywords",
    "channels": "渠道 适用渠道 channel",
    "products": "商品 适用商品 商品编号 关联商品 product product_ids sku",
    "valid_from": "生效时间 生效日期 开始时间 开始日期 生效 from start starts effective_from",
    "valid_until": "失效时间 失效日期 结束时间 结束日期 截止时间 到期时间 失效 until end ends "
    "valid_to expires",
    "applies_by": "判断依据 时间依据 适用依据",
    "language": "语言 语种 lang",
    "source": "来源 出处 依据 reference",
    "hand_over": "转人工 需转人工 人工 handover human",
    "needs_order": "需要订单 需订单 关联订单 order_needed",
}
_KEY_OF = {alias: key for key, aliases in _ALIASES.items() for alias in (key, *aliases.split())}

_STAGES = {
    Stage.PRE_SALE: "pre_sale presale 售前 下单前 购买前 before",
    Stage.AFTER_SALE: "after_sale aftersale 售后 售中 下单后 购买后 after",
    Stage.ANY: "any all both 通用 全部 不限 全程 售前售后",
}
_STAGE_OF = {word: stage for stage, words in _STAGES.items() for word in words.split()}
_APPLIES_OF = {
    "order_time": AppliesBy.ORDER,
    "下单时间": AppliesBy.ORDER,
    "订单时间": AppliesBy.ORDER,
    "asking_time": AppliesBy.ASKING,
    "咨询时间": AppliesBy.ASKING,
    "提问时间": AppliesBy.ASKING,
}
_TRUTHS = {
    True: "true yes y 1 1.0 是 对 有 需要 √ ✓ ✔",
    False: "false no n 0 0.0 否 不 无 不需要 × ✗ - —",
}
_TRUTH_OF = {word: truth for truth, words in _TRUTHS.items() for word in words.split()} | {
    "": False
}
_LANGUAGE_OF = {"中文": "zh", "简体": "zh", "简体中文": "zh", "汉语": "zh", "繁体": "zh-Hant"} | {
    "繁體": "zh-Hant",
    "繁体中文": "zh-Hant",
    "繁體中文": "zh-Hant",
    "英文": "en",
    "英语": "en",
    "chinese": "zh",
    "english": "en",
}

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOCK = re.compile(
    r"[T\s]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
# Controls that no database and no screen wants, byte order marks, and marks that reverse text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\u202a-\u202e\u2066-\u2069]")
_BULLET = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}[.、)）]\s*(?!\d))")


def key_of(name: object) -> str | None:
    """The key that a column or a field is called by, or None for one that means nothing here."""
    plain = unicodedata.normalize("NFKC", text_of(name)).casefold()
    plain = re.sub(r"\([^)]*\)|^\s*\*|[\s*:]+$", "", plain).strip()
    return _KEY_OF.get(re.sub(r"[\s-]+", "_", plain))


def nearly(name: str) -> str | None:
    """The limiting key that somebody probably meant who wrote `name`.

    Only keys whose loss would let an article answer too much; other strange keys do no harm.
    """
    close = difflib.get_close_matches(name.strip().casefold(), _LIMITING, n=1, cutoff=0.8)
    return close[0] if close else None


def text_of(value: object) -> str:
    """The text of a value from a sheet, YAML or JSON; whole numbers lose their `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", text).strip()


def scalar_of(key: str, value: object) -> str:
    """Like `text_of`, but refuses a list or a mapping where one text is wanted."""
    if isinstance(value, (list, tuple, dict)):
        raise ImportRefused(f"`{key}` wants one text, not a list; write it in one line.")
    return text_of(value)


def texts_of(key: str, value: object, *, separators: str) -> tuple[str, ...]:
    """The texts of a list, or of one text cut at any of `separators`; no empty or double ones."""
    if isinstance(value, dict):
        raise ImportRefused(f"`{key}` wants a list of texts; write one a line, without a colon.")
    if isinstance(value, (list, tuple)):
        parts = [scalar_of(key, part) for part in value]
    else:
        parts = [_BULLET.sub("", p) for p in re.split(f"[{separators}]", text_of(value))]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def stage_of(value: object) -> Stage:
    """The stage that a text names; nothing means any."""
    text = scalar_of("stage", value).casefold().replace("-", "_").replace(" ", "_")
    if not text:
        return Stage.ANY
    if text not in _STAGE_OF:
        raise ImportRefused(
            f"the stage “{text[:40]}” is not known; write pre_sale (售前), after_sale (售后) "
            "or any (通用)."
        )
    return _STAGE_OF[text]


def applies_by_of(value: object) -> AppliesBy:
    """The moment that decides; nothing means the time of asking."""
    text = scalar_of("applies_by", value).casefold()
    if text and text not in _APPLIES_OF:
        raise ImportRefused(
            f"`applies_by` is “{text[:40]}”; write order_time (下单时间) or leave it out."
        )
    return _APPLIES_OF.get(text, AppliesBy.ASKING)


def truth_of(key: str, value: object) -> bool:
    """Yes or no, in either language; nothing means no."""
    text = scalar_of(key, value).casefold()
    if text in _TRUTH_OF:
        return _TRUTH_OF[text]
    raise ImportRefused(f"`{key}` is “{text[:40]}”; write true (是) or false (否).")


def language_of(value: object, default: str) -> str:
    """A language tag such as zh, zh-Hant or en."""
    text = scalar_of("language", value)
    if not text:
        return default
    text = _LANGUAGE_OF.get(text.casefold(), text)
    if not _LANGUAGE.fullmatch(text):
        raise ImportRefused(f"the language “{text[:40]}” is not known; write zh, zh-Hant or en.")
    return text


def moment_of(key: str, value: object, zone: tzinfo, *, end_of_day: bool) -> datetime | None:
    """A moment with an offset. A day alone means its first, or its last, instant in `zone`."""
    if isinstance(value, datetime):
        if value.time() != time(0) or value.tzinfo is not None:
            return value if value.tzinfo is not None else value.replace(tzinfo=zone)
        value = value.date()
    if isinstance(value, date):
        return _on_day(value, zone, end_of_day=end_of_day)
    text = unicodedata.normalize("NFKC", scalar_of(key, value))
    if not text:
        return None
    advice = f"`{key}` is “{text[:40]}”, which is no date; write 2026-11-30 or 2026-11-30 20:00."
    day_found = _DAY.match(text)
    if day_found is None:
        raise ImportRefused(advice)
    rest = text[day_found.end() :].strip()
    clock = _CLOCK.fullmatch(rest) if rest else None
    if rest and clock is None:
        raise ImportRefused(advice)
    year, month, day_number = (int(part) for part in day_found.groups())
    try:
        day = date(year, month, day_number)
        if clock is None:
            return _on_day(day, zone, end_of_day=end_of_day)
        hour, minute, second, offset = clock.groups()
        # Who writes 23:59 means until midnight.
        last = end_of_day and (hour, minute) == ("23", "59")
        at = time(int(hour), int(minute), int(second or (59 if last else 0)))
        if offset is None:
            return datetime.combine(day, at, zone)
        return datetime.fromisoformat(f"{day.isoformat()}T{at.isoformat()}{offset}")
    except ValueError as error:
        raise ImportRefused(advice) from error


def _on_day(day: date, zone: tzinfo, *, end_of_day: bool) -> datetime:
    return datetime.combine(day, time(23, 59, 59) if end_of_day else time(0), zone)
