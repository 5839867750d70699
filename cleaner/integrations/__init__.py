"""Adapters for other frameworks: Scrapy, web-poet, Crawl4AI, Arrow, datatrove, NeMo Curator, LangChain, LlamaIndex,
Haystack and MarkItDown.

Each module needs its framework, which an extra installs (``pip install 'article-cleaner[arrow]'``). The rest of the
package imports nothing from here. A framework supplies the sources and takes the results; adapters clean them with a
:class:`cleaner.Cleaner`, as users do, and never look into the pipeline. From other parts of the library they take what
a result looks like as a record (:mod:`cleaner.export.record`), and how bytes are decoded and recognised as HTML
(:mod:`cleaner.reading`), which the WARC reader needs before there is a source.
"""
