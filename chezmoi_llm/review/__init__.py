"""The whole way of ``check``: findings with their places, what is left out of them, and what mends them."""
