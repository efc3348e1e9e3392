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
_SUM = r"[¥$]?\d{1,6}(\.\d{1,2})?"
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
        own=r"\binvoice\b.{0,20}\b(issued|ready|sent out|done|come|arrived)( yet)?\W*$",
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
            r"(guy|man|men|someone|somebody|anyone|anybody|people|team|they).{0,10}(coming|"
            r"showing up|turning up) (over |out |round )?to (fit|install|set up|mount)",
        ),
        own=either(
            r"(what|which) (day|date|time).{0,30}(install\w*|fitter|technician|fitted|engineer)",
            r"when.{0,25}\b(being|be|get|getting) (installed|fitted)|installation.{0,12}\b(booked|"
            r"scheduled|date)",
        ),
        never=r"\b(change|reschedule|move|fee|cost|price|free|damage|broke)\b",
    ),
    "presale_balance": rule(
        own=either(
            r"\bbalance\b.{0,20}(due|pay|when|deadline|until)",
            r"(when|pay).{0,20}\b(final |my )balance",
            r"how much.{0,25}\b(balance|left to pay|still owe|remaining)|what('s|"
            r" is) the (remaining )?balance",
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
            r"(warranty|guarantee).{0,20}(until|end|expire|run out|valid|left|over|still)",
            r"(left|remaining|run out|still|over|expir\w+|until|end\w*).{0,30}"
            r"\b(warranty|guarantee)",
            r"still covered|covered (until|till)|(how much|any) (warranty|guarantee).{0,10}(left|"
            r"remain\w*)|out of (warranty|"
            r"guarantee)",
        ),
        told=r"(warranty|guarantee).{0,20}last",
        never=r"\b(dropped|water|cost|fee|card|proof|documents?)\b",
    ),
    "exchange_progress": rule(
        waiting=either(
            r"where('s| is| s)? my (exchange|replacement)",
            r"(the|my) (replacement|exchange|new one).{0,12}(you )?(promised|not|never|still|yet)",
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
        own=either(
            r"(warehouse|did you|have you|you guys).{0,15}\b(got|get|receive|received|checked|"
            r"inspected)\b.{0,25}"
            r"\b(back|yet|return)",
            r"(sent|send|shipped|mailed|posted) back.{0,30}\b(arriv\w*|receiv\w*|reach\w*|yet|got)",
        ),
        never=r"\brefund\b|money|label|order\b|message|stock",
    ),
    "refund": rule(
        waiting=either(
            r"where('s| is| s)? (my|the) (\w+ )?(refund|money)",
            r"(check |track |see )?my refund.{0,6}status|refund status",
            r"(status of|updates? (on|about)) (my|the) refund",
            rf"({_NOT}|havent|didnt|hasnt) (yet |even )?(been )?(received|receive|got|get|"
            r"gotten|seen|have|had|refunded)( my| the| any| a)?.{0,6}(refund|money)",
            rf"{_NOT} (yet )?been refunded",
            r"(has|was|is|did) (the|my) (money|refund|payment) .{0,30}(sent|paid|given|come|"
            r"returned|gone|been|refunded|went)( back)?\b",
            rf"my (\w+ )?refund.{{0,25}}({_NOT}\b|yet|still|pending|processing|stuck|late|"
            r"status|arrive|come|go through|issued|sent|approved|take)",
            r"when (will|is|does) (i|my|you|the).{0,16}(refund|money back)",
            r"still waiting (for|on) (my|the|a) (refund|money)|has my (refund|money)",
            r"track (my |the )?refund",
        ),
        own=either(
            r"(where('s| is)|when|still no|no sign of|any news).{0,25}\b(refund|money|cash)\b",
            rf"when.{{0,20}}\b(refund\w*|pay me back|get back|return).{{0,12}}{_SUM}|(where('s|"
            rf" is)|when).{{0,20}}{_SUM}.{{0,12}}"
            r"(refund|back|return)",
            rf"where('s| is) (my|the) {_SUM}\W*$",
            rf"{_SUM}.{{0,12}}(refund(ed)?|back).{{0,12}}(yet|when|where|still)",
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
        waiting=either(
            r"can i still (return|send back) (it|this|my)\b",
            r"too late to (return|send back|give back) (it|this|my)\b",
        ),
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
            r"left the warehouse|gone out|left yet|gone anywhere)\b",
            r"(nothing|hasnt|havent).{0,12}(shipped|dispatched|been sent|was sent|sent)",
            r"(has|have|did|is) (my|you|the|it).{0,25}(shipped|dispatched|ship|sent out|"
            r"been sent)\b",
            r"when (will|are|do|does|is) (my|you|it|the).{0,25}\b(ship|dispatch|"
            r"send)\w*( (it|my|out)|$|[?.!])",
            r"still (says|shows|showing|at|on|in).{0,10}(to be shipped|processing|preparing|"
            r"pending|unshipped|awaiting)",
            rf"hurry up my {_THINGS}|(speed up|rush) my {_THINGS}",
        ),
        own=(
            r"(has|have|did|is|when (will|does|do|are)) (the|that|you|those).{2,30}\b(ship|shipped|"
            r"dispatch\w*|sent out|leave)\b"
        ),
        never=either(
            r"\b(cancel\w*|change|address|refund\w*|invoice|return\w*|abroad|international\w*|"
            r"want|before|overseas|weekends?|coupon|code|usually)\b",
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
            r"when('s|s| will| does| is| should) (it|the .{2,30}|"
            r"that .{2,30}) (going to )?(arriv\w*|com(e|"
            r"ing)|be delivered|get here|be here|"
            r"turn up|due|show up)\b",
            r"(will|is) (the|that) .{2,30} (arriv\w*|be delivered|be here|coming|get here|"
            r"out for delivery).{0,8}(today|tonight|"
            r"tomorrow|this)",
            rf"how (long|many days|much longer).{{0,20}}(until|till|before|for) my {_THINGS}",
            r"how much longer\b.{0,8}\b(for|until|till|before|will|do|is|must)\b|any(time)? (day )?"
            r"soon\W*$",
        ),
        never=either(
            r"\b(refund|invoice|installer|coupon|points|exchange|order today|order now|"
            r"order tomorrow|stock|restock\w*|available)\b",
        ),
    ),
    "parcel": rule(
        waiting=either(
            rf"where (on earth |the (hell|heck) |in the world )?(is|are|did|has) (the|my) "
            rf"{_THINGS}\b|"
            rf"where (the|my) {_THINGS} (is|are|went|got)\b",
            r"where on earth (is|are) my (?!refund|money|invoice|return|exchange|replacement)",
            r"where('s| is| are| s|s|'re)? (the |is )?my (?!refund|money|invoice|coupon|\d|"
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
            r"(which|what) (city|town|province|place|country|hub|depot|station|warehouse|"
            r"sorting cent\w+)\b.{0,12}\bmy\b",
            r"how far (away )?(is|has|along is|off is) my|(any|some) (news|word|updates?) (on|of|"
            r"about) my (?!refund|return|invoice|"
            r"money|exchange|replacement|points|account)\w+",
            r"whereabouts (is|are|of) my|(send|give|tell|text) me (the|my) tracking|what('s|"
            r" is) (the|my) tracking (number|no|code)",
        ),
        own=either(
            rf"{_THINGS}.{{0,12}}\b(late|delayed|overdue)\b",
            rf"\b(still|stuck|sitting|stranded|held up) (in|at) .{{0,30}}\b(days?|weeks?|still|now|"
            r"ages)\b|"
            rf"({_NOT}|hasnt|havent) (moved|budged|left).{{0,20}}\b(days?|weeks?|since|yet)\b",
            r"(which|what) (city|town|province|hub|depot|station|place)\b.{0,20}\b(now|at|in|"
            r"at the moment)\b",
            r"where('s| is| are) (the|that|those) .{2,30}\b(now|at|right now|got to|at the moment|"
            r"i (ordered|bought))\W*$",
            r"(has|have|did) (the|that|those) .{2,30}\b(arrived?|come|been delivered|get there|"
            r"been dropped|reached|got to|arrive in)\b",
            r"(left|put|dropped|leave|delivered).{0,14}\b(in|at|with|outside|by) .{0,10}\b(locker|"
            r"door|reception|neighbou?r|concierge|"
            r"porch|pick-?up)|on (its|their) way( yet)?\W*$|in transit",
        ),
        never=either(
            r"\b(refund\w*|invoice|return\w*|insurance|coupon|damaged|broken|crushed|"
            r"intercept|redirect|address|cancel\w*|missing (a |an |one |the )?(item|part|"
            r"piece)|exchange|wrong|warranty|filter|tank|lid|button|cord|plug|made)\b",
        ),
    ),
    "payment": rule(
        own=either(
            r"(how long|until when|time left|still time).{0,20}\bpay\b|can i still pay",
            r"my (unpaid|pending) order|payment deadline|(when|what time|by when).{0,20}\b(pay|"
            r"payment)\b.{0,12}(by|due|for)",
            r"how much (did i|do i (still )?(have to|need to|owe)|is due|was it|"
            r"have i) .{0,12}(pay|paid|spend|owe|for)",
        ),
        never=(
            r"\b(balance|charged|twice|instal\w*|method|failed|shipping|postage|return|repair|duty|"
            r"fee)\b"
        ),
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
