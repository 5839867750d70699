"""Adapters for other frameworks: Scrapy, web-poet, Arrow, datatrove and LangChain.

Each module needs its framework, which an extra installs (``pip install 'article-cleaner[arrow]'``). Nothing is
imported from here by :mod:`cleaner` itself, and nothing here knows more than the public API: a framework brings the
sources and takes the results, and what is residue is decided in one place.
"""
