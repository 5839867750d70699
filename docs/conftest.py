"""The code of pipelines.md needs a framework for each section: tests/test_pipelines_docs.py runs what there is."""

collect_ignore = ["pipelines.md"]
