"""The edges: HTTP, pages, papers, PostgreSQL.

Every folder that names a ``CAPABILITY`` is one of the product's capabilities, by the same name as in ``domain``,
``projections`` and ``tests``. The machine below them: ``running`` (what ``jinlin`` starts), ``paper``, ``console``,
``http``, ``sessions``, ``commands``, ``log``, ``database``, ``sheets``, ``words``, ``threads``, ``runtime``; and
``product`` (all parts put together) with ``capability`` (what each capability brings to it).
"""
