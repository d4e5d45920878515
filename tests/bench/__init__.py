"""`make bench`: what the platform costs, each figure beside a reference measured in the same run."""
