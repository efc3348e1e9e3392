"""How good an answer is: cases, scorers, statistics, gates and reports for any support bot."""
