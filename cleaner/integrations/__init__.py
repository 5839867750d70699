"""Adapters for other frameworks: Scrapy, web-poet, Arrow, datatrove and LangChain.

Each module needs its framework, which an extra installs (``pip install 'article-cleaner[arrow]'``). The rest of the
package imports nothing from here. Adapters use the public API only: a framework supplies the sources and takes the
results, and the pipeline decides what is residue.
"""
