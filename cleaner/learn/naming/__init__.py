"""``cleaner-learn naming``: fits the weights that name removed blocks, cross-validated by site.

The regression is fitted to labels that readers gave to blocks and lines. They are few, and most are of blocks that are
hard to judge. So two more sources are used, both from blocks whose label a rule tells:

- The lexicons, of words and of the names of elements, are counted on all of them: where rules know comments by "Reply"
  and "3 comments", the names of the elements around these are learned to be those of comments.
- Short links in menus are rows of the regression, without the evidence of rules: readers saw few menus, since no
  extractor keeps them.

Which rules tell the label is measured on the blocks that were read.

::

    sample     a page → its removed blocks, with the labels of readers and of rules
    rules      which rules tell the label of a block
    lexicons   what words and names say about labels
    fit        the regression, and the command
    agreement  how the names agree with readers
"""
