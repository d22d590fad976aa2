"""The documentation site's pages that nobody writes: one for each method, table and vocabulary, and the indexes.

MkDocs loads `hooks.py`, which adds them to the hand-written pages of `docs/` while the site is built; nothing generated
is stored. Imports point one way: hooks -> pages (`method_page`, `table_page`, ...) -> `layout`, `mathml` -> carbonstd.
"""
