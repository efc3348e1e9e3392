"""Customers' own orders, read only: what a question is about and what the order says."""
