"""From evidence to pages: figures, tables and prose become a site and a PDF."""
