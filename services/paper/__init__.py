"""What goes out on paper: plain facts in, PDF with its fonts inside out. Templates are fed JSON, never put together.

Every kind of paper has a module with its facts (amounts in fen, dates, and texts in the reader's language), a template
beside it, and one function that takes many of them and gives one PDF.
"""
