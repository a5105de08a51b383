"""The verbs of reviews and questions."""

from zhanggui.shop.reviews.actions.asking import (
    answer,
    answer_for_shop,
    ask,
    decide_answer,
    decide_question,
)
from zhanggui.shop.reviews.actions.moderating import hide, publish, read_first, reject, reply
from zhanggui.shop.reviews.actions.pictures import keep_picture
from zhanggui.shop.reviews.actions.voicing import find_useful, report
from zhanggui.shop.reviews.actions.writing import add_questions, add_reviews, add_words, write

__all__ = [
    "add_questions",
    "add_reviews",
    "add_words",
    "answer",
    "answer_for_shop",
    "ask",
    "decide_answer",
    "decide_question",
    "find_useful",
    "hide",
    "keep_picture",
    "publish",
    "read_first",
    "reject",
    "reply",
    "report",
    "write",
]
