"""Stand-ins for the functions of other extractors: a pipeline that uses one changes its import and nothing else."""
