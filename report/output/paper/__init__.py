"""The paper: the same document set as a PDF."""
