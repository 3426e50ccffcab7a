"""An invented community with two estates and a believable week behind it, made by commands like everything else."""
