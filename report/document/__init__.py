"""The list of pages, and all answers as one numbered document, before it is a site or a paper."""
