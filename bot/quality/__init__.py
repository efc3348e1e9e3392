"""How good our search and our confidence are, beside what one gets without us.

The command is `python -m bot.quality`; what it prints and draws stands in docs/quality.md.
"""
