"""Pages made of data and not of prose: the runs, the laboratory, the code of the figures.

Which pages there are: document/outline.py.
"""
