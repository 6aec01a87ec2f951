"""From verdicts to site and paper: words, figures, tables, prose, document, pages, output.

answers/ holds the text.
"""
