"""From evidence to site and paper: words, figures, tables, prose, document, pages, output."""
