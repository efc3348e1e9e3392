"""How English texts tell of an own order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.orders.rule import Rule, either, rule

OWN = re.compile(
    either(
        r"\b(my|mine|our|i'?ve|i (have |already |just )?(bought|ordered|paid|purchased|"
        r"returned|sent|placed))\b",
    )
)

GENERAL = re.compile(
    either(
        r"\b(if (i|my|the|it|you|an?)|usually|normally|generally|typically|in general|"
        r"what happens|how (do|can|could|should|would) (i|we|you)|how to|(can|could|"
        r"may) i (change|cancel|edit|get an?)|want to (change|cancel|return|get|edit)|(before|"
        r"once) (i|you|it) (order|ship|buy)|what('s| is) your|do you (offer|have|ship|deliver|"
        r"give|accept))\b",
    )
)

_THINGS = r"(parcel|package|order|delivery|shipment|stuff|item|items|goods|purchase|things?)"
_NOT = r"(not|n't|nt|never|no)"

# The first that fits counts, so what is narrow stands before what is wide.
RULES: Mapping[str, Rule] = {
    "freight_payout": rule(
        waiting=either(
            rf"(freight|shipping|postage|return) insurance.{{0,25}}{_NOT}\b.{{0,12}}(paid|"
            r"received|arrived|come)",
            rf"{_NOT} (yet )?(received|got).{{0,10}}(freight|shipping|postage|return) insurance",
        ),
    ),
    "freight_insurance": rule(
        own=r"(freight|return shipping|shipping|postage) insurance",
        never=r"\b(how much|when|why|what|exchange)\b",
    ),
    "invoice": rule(
        waiting=either(
            r"where('s| is| s)? my (\w+ )?invoice",
            rf"{_NOT} (yet )?(received|got|gotten|seen|have).{{0,8}}invoice",
            rf"my (\w+ )?invoice.{{0,20}}({_NOT}\b|yet|status|ready|issued|still)",
            r"(has|is|was) (my|the) (\w+ )?invoice.{0,10}(issued|ready|sent|been)",
            r"still waiting for (my|the|an) invoice",
        ),
        never=r"\b(wrong|change|title|name|correct|add|need an|company|paper)\b",
    ),
    "installation": rule(
        waiting=either(
            r"when('s| is| will| does| are)? (the |my |your )?(installer|fitter|technician|"
            r"plumber|installation team|engineer).{0,20}(com|arriv|here|visit)",
            r"(installer|fitter|technician|engineer).{0,15}(n't|not|never|no).{0,10}(com|"
            r"came|show|turn|call|contact|arriv)",
            r"(nobody|no one|no-one|none).{0,25}(install|fit)",
            r"my installation.{0,20}(appointment|date|when|booked|time|schedul)",
            r"when is my .{0,20}(installed|installation)|has my installation",
        ),
        never=r"\b(change|reschedule|move|fee|cost|price|free|damage|broke)\b",
    ),
    "presale_balance": rule(
        own=either(
            r"\bbalance\b.{0,20}(due|pay|when|deadline|until)",
            r"(when|pay).{0,20}\b(final |my )balance",
        ),
        never=r"\b(missed|forgot|refund|coupon|gift)\b",
    ),
    "price_protection": rule(
        waiting=either(
            r"(dropped|cheaper|went down|price drop|lower price).{0,25}(just|after|since|"
            r"right after) (i )?(bought|ordered|buying)",
        ),
        own=r"price[- ](protect\w*|match|guarantee|adjustment|difference|drop)",
        never=r"\b(reject\w*|declin\w*|not approved|arrive|received|coupon)\b",
    ),
    "warranty": rule(
        own=either(
            r"(under|in|within|out of|covered by|still).{0,10}(warranty|guarantee)",
            r"(warranty|guarantee).{0,20}(until|end|expire|run out|valid|left|last|over|"
            r"still)",
        ),
        never=r"\b(dropped|water|cost|fee|card|proof|documents?)\b",
    ),
    "exchange_progress": rule(
        waiting=either(
            r"where('s| is| s)? my (exchange|replacement)",
            r"(has|is|was) (my|the) (exchange|replacement).{0,20}(sent|shipped|processed|"
            r"on its way|yet|been)",
            rf"my (exchange|replacement).{{0,20}}({_NOT}\b|yet|status|still)",
            r"status of my (exchange|replacement)",
            r"when will (i get|you send) my (exchange|replacement)",
        ),
    ),
    "cancelled": rule(
        waiting=either(
            r"(has|was|is|did|why was|why is|why did).{0,12}\border\b.{0,16}(cancell?ed|"
            r"closed|cancel go through)",
            r"my cancell?ation.{0,20}(status|yet|gone through|confirmed|n't|not)",
            r"did my cancell?ation",
        ),
        never=r"coupon|deposit",
    ),
    "return_progress": rule(
        waiting=either(
            r"my return(ed)?( \w+)? ?.{0,15}(status|arrived|arrive yet|received|been|"
            r"reached|yet|accepted|approved|processed)",
            r"(did|have) (you|the warehouse).{0,12}(receive|received|get|"
            r"got).{0,8}my return",
            r"where('s| is| s)? my return|status of my return",
            r"(return|parcel|item|stuff) i (sent|shipped|mailed|posted) back.{0,25}(arriv|"
            r"receiv|reach|yet|got)",
            r"(has|have) (you|the warehouse).{0,10}(received|got) (it|the return|my return|"
            r"what i sent)",
        ),
        never=r"\brefund\b|money|label",
    ),
    "refund": rule(
        waiting=either(
            r"where('s| is| s)? (my|the) (\w+ )?(refund|money)",
            r"(check |track |see )?my refund.{0,6}status|refund status",
            r"(status of|updates? (on|about)) (my|the) refund",
            rf"({_NOT}|havent|didnt|hasnt) (yet |even )?(been )?(received|receive|got|get|"
            r"gotten|seen|have|had|refunded)( my| the| any| a)?.{0,6}(refund|money)",
            rf"{_NOT} (yet )?been refunded",
            rf"my (\w+ )?refund.{{0,25}}({_NOT}\b|yet|still|pending|processing|stuck|late|"
            r"status|arrive|come|go through|issued|sent|approved|take)",
            r"when (will|is|does) (i|my|you|the).{0,16}(refund|money back)",
            r"still waiting (for|on) (my|the|a) (refund|money)|has my (refund|money)",
            r"track (my |the )?refund",
        ),
        never=either(
            r"\b(insurance|deposit|coupon|points?|which account|another card|closed|"
            r"wrong amount|less than|policy|request a|how much)\b",
        ),
    ),
    "can_return": rule(
        own=either(
            r"\b(can|could|may|am i able to) i? ?still (return|send back)",
            r"still (returnable|return|within the return|be returned)|until when can i return",
            r"(return (window|period|deadline)).{0,20}(for|of|on) my",
            r"my (return (window|period|deadline))",
        ),
        waiting=r"can i still (return|send back) (it|this|my)\b",
        never=either(
            r"\b(opened|used|washed|worn|tag|tags|box|install\w*|gift|broken|faulty|defect\w*|"
            r"one of|part)\b",
        ),
    ),
    "not_received": rule(
        waiting=either(
            r"(says|said|shows|showing|marked|claims?|states?|listed).{0,16}(delivered|"
            rf"signed).{{0,40}}({_NOT}\b|nothing|nowhere|where|missing)",
            rf"({_NOT}|nothing).{{0,30}}(but|though|although|yet|however).{{0,25}}(delivered|"
            r"signed)",
            r"who signed for",
        ),
        never=r"\breturn",
    ),
    "not_shipped": rule(
        waiting=either(
            rf"{_NOT}( \w+)? ?(been )?(yet )?(shipped|dispatched|sent out|posted|"
            r"left the warehouse)\b",
            r"(nothing|hasnt|havent).{0,12}(shipped|dispatched|been sent|was sent|sent)",
            r"(has|have|did|is) (my|you|the|it).{0,25}(shipped|dispatched|ship|sent out|"
            r"been sent)\b",
            r"when (will|are|do|does|is) (my|you|it|the).{0,25}\b(ship|dispatch|"
            r"send)\w*( (it|my|out)|$|[?.!])",
            r"still (says|shows|showing|at|on|in).{0,10}(to be shipped|processing|preparing|"
            r"pending|unshipped|awaiting)",
            rf"hurry up my {_THINGS}|(speed up|rush) my {_THINGS}",
        ),
        never=either(
            r"\b(cancel\w*|change|address|refund\w*|invoice|return\w*|abroad|international\w*|"
            r"before|overseas|weekends?|coupon|code|usually)\b",
            r"\bto (hong|taiwan|macao|japan|usa?|canada|singapore|australia)",
        ),
    ),
    "delivery_time": rule(
        waiting=either(
            r"when('s| is| will| does| should| would|"
            r"ll).{0,6}\bmy (\w+ ){0,3}.{0,12}(arriv|com(e|ing)|deliver|get here|"
            r"be here|show up|due)",
            r"when (can|will|should|do) i (expect|get|receive|have) my (?!refund|money|"
            r"invoice|points)",
            r"will (it|my .{0,20}) .{0,6}(be delivered|arrive|come|"
            r"get here).{0,6}(today|tonight|tomorrow|this|by|on)",
            r"(is|will) my .{0,25}(arriv\w+|be delivered|com(e|ing)|get here).{0,8}(today|"
            r"tonight|tomorrow|this|by|on)",
            r"(eta|expected delivery|delivery date|estimated delivery).{0,12}my",
            r"my .{0,16}(eta|delivery date)",
        ),
        own=either(
            r"when will it (arrive|come|be delivered|get here)",
            rf"how (long|many days|much longer).{{0,20}}(until|till|before|for) my {_THINGS}",
        ),
        never=either(
            r"\b(refund|invoice|installer|coupon|points|exchange|order today|order now|"
            r"order tomorrow)\b",
        ),
    ),
    "parcel": rule(
        waiting=either(
            r"where('s| is| are| s|s|'re)? (the |is )?my (?!refund|money|invoice|coupon|"
            r"points|return|exchange|replacement|account|balance)\w+",
            r"\btrack(ing)? my (?!return|refund|exchange)\w+|my tracking (number|code|info\w*)",
            rf"tracking.{{0,30}}({_NOT}\b.{{0,12}}(chang|updat|mov)|stuck|{_NOT} (updating|"
            r"moving))",
            rf"(parcel|package|delivery|shipment|order).{{0,15}}(stuck|{_NOT}\b.{{0,6}}(mov|"
            r"arriv|here|come|deliver|show)|been at the same)",
            r"(has|did) my .{0,20}(arrived?|come|been delivered|get there)",
            rf"({_NOT}|havent|didnt) (yet )?(received|receive|got|gotten|get) (my|"
            rf"the) {_THINGS}",
            rf"still (waiting (for|on) my {_THINGS}|{_NOT} (arrived|here|delivered|received|"
            r"come))",
            r"my (parcel|package|delivery).{0,15}(lost|missing|gone|late|delayed)",
        ),
        own=rf"{_THINGS}.{{0,12}}\b(late|delayed|overdue)\b",
        never=either(
            r"\b(refund\w*|invoice|return\w*|insurance|coupon|damaged|broken|crushed|"
            r"intercept|redirect|address|cancel\w*|missing (a |an |one |the )?(item|part|"
            r"piece)|exchange|wrong)\b",
        ),
    ),
    "payment": rule(
        own=either(
            r"(how long|until when|time left|still time).{0,20}\bpay\b|can i still pay",
            r"my (unpaid|pending) order|payment deadline",
        ),
        never=r"\b(balance|charged|twice|instal\w*|method|failed)\b",
    ),
    "items": rule(
        waiting=either(
            r"(which|what) (size|colou?r|variant|model) did i (order|buy|choose|pick|get)",
            r"check the (size|colou?r|variant) (in|of|on) my order",
        ),
    ),
    "order_status": rule(
        waiting=either(
            r"status of my (\w+ )?order|my order('s)? status|^order status\W*$",
            r"(check|look up|look into|look at|see) (on )?my order\W*$",
            r"(happening|going on|up|happened) (with|to) my (\w+ )?order",
        ),
        never=r"\b(cancel\w*|refund\w*|delete|history|invoice)\b",
    ),
}
