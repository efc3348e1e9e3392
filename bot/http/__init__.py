"""The HTTP side: the customer's API, the desk's API, pages, and errors as problem+json."""
