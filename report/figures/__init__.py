"""The figures, one file a kind: its rows, its drawing, its words."""
