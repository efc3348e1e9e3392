"""The product: one customer turn, the channels, the HTTP application and the command line."""
