"""English passages of a made-up shop, what they bear out, and the same sentences made wrong."""

from __future__ import annotations

from tests.bot.evidence_cases import Case

ENGLISH_CASES = [
    Case(
        "Returns are accepted within **7 days** of signing. You pay the return freight.",
        (
            "You can return it within seven days of signing.",
            "You pay for the return shipping.",
            "Return freight is paid by you.",
        ),
        (
            "You can return it within 14 days of signing.",
            "You cannot return it within 7 days of signing.",
            "We pay the return freight.",
            "Returns are accepted within 7 weeks of signing.",
            "Returns are accepted after more than 7 days.",
        ),
    ),
    Case(
        "The shop pays both ways for quality problems; you pay if you return without a reason.",
        (
            "For quality problems the shop pays both ways.",
            "You pay if you return without a reason.",
        ),
        (
            "For quality problems you pay both ways.",
            "The shop pays if you return without a reason.",
        ),
    ),
    Case(
        "Orders of 59 yuan or more ship free; smaller orders cost 8 yuan.",
        ("Shipping is free for orders of at least 59 yuan.", "Smaller orders cost ¥8."),
        (
            "Shipping is free for orders of less than 59 yuan.",
            "Shipping is not free for orders of 59 yuan or more.",
            "Shipping is free from 99 yuan.",
            "Smaller orders cost 8 dollars.",
        ),
    ),
    Case(
        "Coupons do not stack with each other. "
        "The store coupon is valid from 16 to 30 November 2026.",
        (
            "Coupons cannot be stacked with each other.",
            "The store coupon is valid until 30 November 2026.",
            "The store coupon is valid from Nov 16 to Nov 30, 2026.",
        ),
        (
            "Coupons can be stacked with each other.",
            "The store coupon is valid until 13 November 2026.",
            "The store coupon is valid from 16 to 30 December 2026.",
            "The store coupon is valid from 30 November 2026.",
        ),
    ),
    Case(
        "Gold members get 5 % off, free SF Express and 30-day returns. Silver members get 2 % off.",
        (
            "Gold members get a 5% discount.",
            "Silver members get 2% off.",
            "Gold members have 30 days for returns.",
        ),
        (
            "Gold members get 15% off.",
            "Silver members get 5% off.",
            "Gold members get free DHL shipping within 5 days.",
            "Gold members do not get free SF Express.",
            "Gold members have 30 hours for returns.",
        ),
    ),
    Case(
        "Alipay and WeChat refunds take 1–3 working days, bank cards 3–7 working days.",
        (
            "Bank card refunds take three to seven working days.",
            "Alipay takes 1 to 3 business days.",
        ),
        (
            "Bank card refunds take 1-3 working days.",
            "Alipay takes 3–7 working days.",
            "Bank card refunds take 3-7 days.",
            "PayPal refunds take 1–3 working days.",
        ),
    ),
    Case(
        "The filter cannot be washed; vacuum the outer mesh every two weeks. "
        "A filter costs 199 yuan.",
        (
            "The filter can't be washed.",
            "Vacuum the outer mesh every 2 weeks.",
            "A filter is ¥199.",
        ),
        (
            "The filter can be washed.",
            "Vacuum the outer mesh every 2 days.",
            "A filter costs 119 yuan.",
            "Vacuum the outer mesh every three weeks.",
        ),
    ),
    Case(
        "No cash on delivery. An unpaid order closes after 30 minutes.",
        ("Cash on delivery is not available.", "An unpaid order closes after 30 minutes."),
        ("Cash on delivery is available.", "An unpaid order closes after 30 hours."),
    ),
]
