"""What is learned from: labelled pages, and the training samples that are made of them.

::

    corpus       pages with their gold texts
    pages        a sample a page: its blocks, their evidence, and how far the gold is to be trusted about each
    texts        a sample a text: the same for the lines of the texts that other extractors make of pages
    lines        lines that were written to learn the wording of residue from (lines/LANG.tsv)
    simulated    texts with residue that are made of pages and of those lines

    align        how much of each block is gold
    conventions  what the gold of a corpus holds, and what it is therefore no judge of (conventions.toml)
    annotations  what readers said of single blocks and lines (pages.tsv, blocks.tsv, runs.tsv, labels.tsv)
    baselines    the other extractors

To add a corpus, make its folder as ``docs/training.md`` says, and describe it in ``conventions.toml``.
"""
