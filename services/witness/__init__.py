"""The witness: a small service of its own that cosigns a log's checkpoints once it has seen that nothing was rewritten.

It stands on the public formats (``services.tlog``) alone: whoever runs it runs nothing of the product.
"""
