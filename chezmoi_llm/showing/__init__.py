"""How values are shown to people: in few words, and never a secret."""
