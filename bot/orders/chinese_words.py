"""Pieces of expressions that the rules for Chinese texts share."""

from __future__ import annotations

DAY = r"(什么时候|哪一?天|几点|几号|(?:周|星期|礼拜)几)"
WHEN = rf"({DAY}|多久|几天|多长时间)"
LONG = r"([几多两半]|[一二三四五六七八九十\d]+)个?(来天|多?天|周|星期|礼拜|月)"
END = r"($|[?!.,啊呀呢哦哈嘛喔呐])"
# 到 as in 送到, and neither 用到 nor 到账.
COME = r"(?<![达煮烧升降加用看感做收充退保])到(?!账|期|付|底|店|位|温|哪|多少|几)"
# 发 as in 发货, and neither 沙发 nor 发热.
SEND = r"(?<![沙头理])发(?!热|烫|霉|黄|硬|潮|票|芽|光|胀|臭|酵|出声|声|短信|言|现|布|黑|白)"
WHAT = r"((什么|哪个?|哪种)(号|码|尺码|尺寸|颜色|色|规格|型号|款)|几码|多大)"
SUM = r"(?<!\d)\d{1,6}(\.\d{1,2})?(块|元|圆)?钱?"
ASKED = r"(吗|没|不|了没|$|[?？])"
DELAY = r"(怎么|还|一直|迟迟|到底|都|到现在|老是)"
